import Dispatch
import JobFlow

/// Settles until the queue has it. A finished attempt may be paid for, so it is worth waiting for a queue that is away;
/// the same settlement may safely be sent twice.
struct SettleReliably: Sendable {
    let store: any JobStore
    let events: RunnerEvents
    /// After so long a settlement that is in the journal is left to the recovery. One that is not has nobody else.
    let patience: Duration

    /// Nil if the queue could not be told.
    ///
    /// - Parameter isKept: whether the journal has it.
    func settle(_ settlement: Settlement, isKept: Bool = true) async -> SettleOutcome? {
        let clock = ContinuousClock()
        let start = clock.now
        var pause = Duration.milliseconds(20)
        var settlement = settlement
        while true {
            do throws(StoreError) { return try await settleOnce(settlement) } catch {
                // The lease may run out while the queue is away: an answer counts until somebody else has the job.
                settlement.occasion = .late
                let isOver = clock.now - start >= patience && (isKept || Task.isCancelled)
                guard error.isRetriable, !isOver else {
                    events.settlementFailed(settlement, error, isKept: isKept)
                    return nil
                }
                await Self.rest(pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// A claim that a server does not know, because it came back without its last writes, still ends its job.
    private func settleOnce(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        let outcome = try await store.settle(settlement)
        guard outcome == .lost, settlement.verdict.terminalState != nil,
            try await store.server(settlement.id.partition).identity != settlement.server
        else { return outcome }
        var again = settlement
        again.occasion = .restored
        return try await store.settle(again)
    }

    /// Rests also when the caller is cancelled, as `Task.sleep` would not: a settlement outlives the job's task.
    private static func rest(_ pause: Duration) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + pause.inSeconds) { continuation.resume() }
        }
    }
}
