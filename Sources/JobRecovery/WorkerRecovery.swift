package import JobFlow
import ServiceLifecycle

/// A worker's part: before it claims from a server that it does not know, it tells it what it holds, what it has settled
/// meanwhile, and what the server has forgotten. While it runs, it sends what could not be settled at once.
package struct WorkerRecovery: QueueRecovery, Service {
    private let recovery: Recovery
    private let lease: Duration
    private let partitions: Int

    package init(_ recovery: Recovery, lease: Duration, partitions: Int = 1) {
        self.recovery = recovery
        self.lease = lease
        self.partitions = partitions
    }

    package func recover(_ partition: Int, holding held: [Claim]) async throws(StoreError) -> ServerIdentity {
        do throws(RecoveryError) {
            while true {
                let memory = try await recovery.memory(partition)
                try await assert(held)
                if try await isNews(memory.identity, partition) {
                    recovery.events.serverChanged(partition, memory)
                    try await recovery.restoreEnds(partition, since: Recovery.doubtful(since: memory))
                }
                _ = try await recovery.replay(partition)
                // It may have been restarted once more while it was told.
                guard try await everybodyHasTold(memory.identity, partition) else { continue }
                await recovery.remember(memory.identity, .worker, partition)
                return memory.identity
            }
        } catch {
            throw error.asStoreError
        }
    }

    /// Sends settlements that were kept, until graceful shutdown. One that was there at the last look already is not just
    /// on its way.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen = JournalMark()
            while !Task.isCancelled {
                try? await Task.sleep(for: lease / 2)
                do throws(RecoveryError) {
                    try await stayMember()
                    if seen > JournalMark() { _ = try await recovery.replay(upTo: seen) }
                    seen = try await recovery.lastUnsettled()
                } catch {
                    if !Task.isCancelled { recovery.events.failed(error) }
                }
            }
        }
    }

    /// A journal that is not heard of is not waited for.
    private func stayMember() async throws(RecoveryError) {
        for partition in 0..<partitions {
            guard let server = try await recovery.lastServer(.worker, partition) else { continue }
            _ = try await recovery.announce(to: server, partition, lease: lease)
        }
    }

    /// Waits for the other journals of the fleet, for a lease at most: what only they know must not run again. False when
    /// another server answers by now.
    private func everybodyHasTold(_ server: ServerIdentity, _ partition: Int) async throws(RecoveryError) -> Bool {
        var isReported = false
        while true {
            guard let fleet = try await recovery.announce(to: server, partition, lease: lease) else { return false }
            guard !fleet.waitingFor.isEmpty, fleet.age < lease, !Task.isCancelled else { return true }
            if !isReported { recovery.events.waiting(for: fleet.waitingFor) }
            isReported = true
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func isNews(_ server: ServerIdentity, _ partition: Int) async throws(RecoveryError) -> Bool {
        try await recovery.lastServer(.worker, partition) != server
    }

    /// Puts held claims in force where the server has forgotten them, or their jobs. Those that do not stand any more are
    /// found by the next renewal.
    private func assert(_ held: [Claim]) async throws(RecoveryError) {
        let standings = try await recovery.standings(held.map(\.spec.id))
        let missing = RestorePlan.missing(held.map(\.spec), standings)
        try await recovery.asking { () async throws(StoreError) in
            if !missing.isEmpty { _ = try await recovery.store.submit(missing, isPromised: true) }
            if !held.isEmpty { _ = try await recovery.store.renew(held, lease: lease) }
        }
        let behind = zip(held, standings).count { ($0.1?.epoch ?? -1) < $0.0.epoch }
        recovery.events.recovered(.claim, behind)
    }
}
