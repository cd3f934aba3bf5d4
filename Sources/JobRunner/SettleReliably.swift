import Dispatch
import JobFlow

/// Settles until the queue has it. A finished attempt may be paid for, so it is worth waiting for a queue that is away;
/// the same settlement may safely be sent twice.
struct SettleReliably: Sendable {
    let store: any JobStore
    let events: RunnerEvents
    /// Not before this much time has passed is a settlement given up; the lease has long run out then.
    let patience: Duration

    func settle(_ settlement: Settlement) async -> SettleOutcome? {
        let clock = ContinuousClock()
        let end = clock.now + patience
        var pause = Duration.milliseconds(20)
        while true {
            do throws(StoreError) { return try await store.settle(settlement) } catch {
                guard error.isRetriable, clock.now < end else {
                    events.settlementFailed(settlement, error)
                    return nil
                }
                await Self.rest(pause)
                pause = min(pause * 2, .seconds(1))
            }
        }
    }

    /// Rests also when the caller is cancelled, as `Task.sleep` would not: a settlement outlives the job's task.
    private static func rest(_ pause: Duration) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + pause.inSeconds) { continuation.resume() }
        }
    }
}
