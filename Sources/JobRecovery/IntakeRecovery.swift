package import JobFlow
import ServiceLifecycle

/// An intake's part: sends the spool when the queue can be reached, brings back what a server has forgotten, and lets the
/// journal go of jobs that have ended.
package struct IntakeRecovery: Service {
    private let recovery: Recovery
    private let spool: Spool
    private let lease: Duration
    private let partitions: Int

    /// - Parameter lease: that of the workers, who wait for an intake as long.
    package init(_ recovery: Recovery, spool: Spool, lease: Duration, partitions: Int) {
        self.recovery = recovery
        self.spool = spool
        self.lease = lease
        self.partitions = partitions
    }

    /// Runs until graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var progress = Progress()
            while !Task.isCancelled {
                do throws(RecoveryError) {
                    try await round(&progress)
                    progress.isFailing = false
                } catch {
                    if !Task.isCancelled, !progress.isFailing { recovery.events.failed(error) }
                    progress.isFailing = true
                }
                await pause(progress)
            }
        }
    }

    private struct Progress {
        var known: [Int: ServerIdentity] = [:]
        var mark = JournalMark()
        var sweepsOn = false
        var isFailing = false
    }

    private func round(_ progress: inout Progress) async throws(RecoveryError) {
        for partition in 0..<partitions {
            let memory = try await recovery.memory(partition)
            if progress.known[partition] != memory.identity {
                try await lookAt(partition, memory)
                progress.known[partition] = memory.identity
            }
            _ = try await recovery.announce(to: memory.identity, partition, lease: lease)
        }
        try await drain()
        (progress.mark, progress.sweepsOn) = try await recovery.sweep(
            after: progress.mark, on: progress.known)
    }

    private func lookAt(_ partition: Int, _ memory: ServerMemory) async throws(RecoveryError) {
        guard try await recovery.lastServer(.intake, partition) != memory.identity else { return }
        recovery.events.serverChanged(partition, memory)
        // Ends first: an intake alone on its machine knows of cancellations.
        let since = Recovery.doubtful(since: memory)
        try await recovery.restoreEnds(partition, since: since)
        try await recovery.restoreAccepted(partition, since: since)
        await recovery.remember(memory.identity, .intake, partition)
    }

    private func drain() async throws(RecoveryError) {
        guard !spool.isEmpty else { return }
        let sent = try await recovery.drain(leaving: spool.isUnderway) { spool.left($0) }
        // Nothing left, and still some are counted: the journal has the last word.
        if sent == 0, !spool.isEmpty, !spool.hasUnderway { try await recount() }
    }

    /// - Throws: when the journal cannot be read. Called once before the first job is accepted, too.
    package func recount() async throws(RecoveryError) {
        try await spool.recount { () async throws(RecoveryError) in
            try await recovery.reading { () async throws(AuditError) in try await recovery.journal.spooledCount() }
        }
    }

    /// Looks at the server once a second; at once when a job enters the spool and the queue was not just found away.
    private func pause(_ progress: Progress) async {
        let rest: Duration = progress.sweepsOn ? .milliseconds(20) : .seconds(1)
        await withTaskGroup { group in
            group.addTask { try? await Task.sleep(for: rest) }
            if !progress.isFailing { group.addTask { await spool.waitUntilNotEmpty() } }
            await group.next()
            group.cancelAll()
        }
    }
}
