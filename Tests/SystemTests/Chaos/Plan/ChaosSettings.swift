import Foundation

/// What a run is asked to do. `scripts/chaos` says it through the environment; `scripts/test` runs one round.
struct ChaosSettings: Sendable, Equatable {
    /// A round starts everything from nothing, and is one schedule of faults, a calm, and all the checks.
    var rounds: Int
    /// Of the first round; each later one has the next number, so every round can be run again alone.
    var seed: UInt64
    var lease: Duration
    /// Submissions in a second.
    var rate: Int

    static let current = ChaosSettings(environment: ProcessInfo.processInfo.environment)

    init(environment: [String: String]) {
        let minutes = environment["SLUICE_CHAOS_MINUTES"].flatMap(Int.init) ?? 1
        seed = environment["SLUICE_CHAOS_SEED"].flatMap(UInt64.init) ?? 1
        lease = .seconds(environment["SLUICE_CHAOS_LEASE_SECONDS"].flatMap(Int.init) ?? 2)
        rate = environment["SLUICE_CHAOS_RATE"].flatMap(Int.init) ?? 30
        rounds = 1
        rounds = max(1, Int(Double(minutes) * 60 / (span.components.seconds.asDouble + Self.overhead)))
    }

    /// How long the faults of one round go on: time for several leases to run out.
    var span: Duration { max(.seconds(45), lease * 6) }

    /// Seconds that start, calm and checks of a round take about.
    private static let overhead = 15.0

    /// After the calm nothing may be left open for longer than this. It is a bound, not a measurement: leases run out,
    /// hanging calls time out, retries wait, on a machine that may be slow.
    var patience: Duration { .seconds(150) + lease * 4 }

    /// For the test framework: a run that takes longer hangs.
    var limitInMinutes: Int {
        let round = span + patience * 2
        return 2 + rounds * Int(round.components.seconds / 60 + 1)
    }
}

extension Int64 {
    fileprivate var asDouble: Double { Double(self) }
}
