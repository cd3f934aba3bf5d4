import JobFlow

/// Visits the partitions: takes what there is room for, hands it on, and rests until there is reason to look again.
struct ClaimLoop: Sendable {
    let store: any JobStore
    let completer: any PromptCompleter
    let held: HeldClaims
    let wakeup: Wakeup
    let configuration: RunnerConfiguration
    let events: RunnerEvents
    let liveness: Liveness

    /// Runs until draining or cancelled.
    func run(start: (Claim) -> Void) async {
        var failures = 0
        while !held.slots.isDraining, !Task.isCancelled {
            do throws(StoreError) {
                let rest = try await visitAll(start: start)
                liveness.beat()
                if failures > 0 { events.storeIsBack() }
                failures = 0
                if rest > .zero { await wakeup.sleep(atMost: rest) }
            } catch {
                guard error.code != .cancelled else { return }
                failures += 1
                if failures == 1 { events.storeFailed(error) }
                await wakeup.sleep(atMost: Self.pause(failures))
            }
        }
    }

    /// Returns how long nothing more can be done.
    private func visitAll(start: (Claim) -> Void) async throws(StoreError) -> Duration {
        var rest = configuration.tick
        for partition in 0..<configuration.partitions {
            let capacity = completer.capacity()
            let room = held.slots.room(capacity)
            let round = try await store.claim(request(partition, limit: max(0, min(room, configuration.claimBatch))))
            held.take(round.claims)
            round.claims.forEach(start)
            events.reclaimed(round.reclaimed)
            for job in round.ended { events.ended(id: job.id, queue: job.queue, state: job.state) }
            let left = room - round.claims.count
            rest = min(rest, ClaimPlan.rest(after: round, room: left, capacity: capacity, tick: configuration.tick))
        }
        return rest
    }

    private func request(_ partition: Int, limit: Int) -> ClaimRequest {
        var random = SystemRandomNumberGenerator()
        return ClaimRequest(
            partition: partition, worker: configuration.worker, lease: configuration.lease, limit: limit,
            shares: ClaimPlan.shares(configuration.queues, limit: limit, random: &random))
    }

    private static func pause(_ failures: Int) -> Duration {
        min(.milliseconds(50) * (1 << min(failures, 6)), .seconds(2))
    }
}
