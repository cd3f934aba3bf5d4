import JobFlow
import JobRunner
import LLMEndpoints
import PoolSimulator

/// One worker process: its decisions and its appointments.
struct RehearsedProcess: Sendable {
    let name: String
    var pool: PoolState
    var slots: RunnerSlots
    var random: SeededGenerator
    var horizon = Duration.zero
    var pace = SpillPace()
    var claim = Appointment()
    var exchange = Appointment()
    /// When it last claimed, and last exchanged.
    var claimedAt = Int64.min / 2
    var exchangedAt = Int64.min / 2
    /// The exchange knows that there is something to count.
    var isCounting = false
    var isLooking = false

    init(_ number: Int, _ setup: RehearsalSetup) {
        name = "p\(number)"
        pool = PoolState(setup.pool)
        slots = RunnerSlots(limit: setup.concurrency)
        random = SeededGenerator(seed: SeededGenerator.mix(setup.simulated.seed) &+ UInt64(number))
    }

    mutating func choose(_ needs: CallNeeds, at now: Timestamp) -> PoolState.Choice {
        pool.choose(needs, at: now, random: &random)
    }
}
