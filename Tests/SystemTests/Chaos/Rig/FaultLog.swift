import JobFlow
import Synchronization

/// A fault as it really happened.
struct FaultRecord: Sendable, Equatable {
    var kind: ChaosFault.Kind
    var from: Timestamp
    var to: Timestamp
    /// The process that was hit, if it was one.
    var pid: Int32?
    /// The most answers that it can have cost: the calls that were open or claimed when it began, and those that began
    /// between that count and its effect (for slow connections: until its end, for claims are made meanwhile); twice that
    /// for a frozen worker.
    var exposure = 0
}

final class FaultLog: Sendable {
    private struct State: Sendable {
        var faults: [FaultRecord] = []
        /// Faults that keep Redis from being reached, and are under way.
        var away = 0
        var skipped: Set<ChaosFault.Kind> = []
    }

    private let state = Mutex(State())

    var all: [FaultRecord] { state.withLock { $0.faults } }

    var skipped: Set<ChaosFault.Kind> { state.withLock { $0.skipped } }

    /// As far as the driver knows: set after Redis has gone, taken back before it returns.
    var redisIsAway: Bool { state.withLock { $0.away > 0 } }

    func add(_ fault: FaultRecord) { state.withLock { $0.faults.append(fault) } }

    func skip(_ kind: ChaosFault.Kind) { state.withLock { _ = $0.skipped.insert(kind) } }

    func redisWent() { state.withLock { $0.away += 1 } }

    func redisReturns() { state.withLock { $0.away -= 1 } }
}
