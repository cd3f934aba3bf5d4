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
        var servers: [Int: ServerMemory] = [:]
        for partition in 0..<partitions { servers[partition] = try await recovery.memory(partition) }
        let news = servers.filter { progress.known[$0.key] != $0.value.identity }
        if try await lookAt(news) { progress.known.merge(news.mapValues(\.identity)) { $1 } }
        for (partition, server) in progress.known where server == servers[partition]?.identity {
            _ = try await recovery.announce(to: server, partition, lease: lease)
        }
        try await drain()
        (progress.mark, progress.sweepsOn) = try await recovery.sweep(
            after: progress.mark, on: progress.known)
    }

    /// Tells servers what they do not know. False if not everything could be seen yet: then it is looked at again.
    private func lookAt(_ servers: [Int: ServerMemory]) async throws(RecoveryError) -> Bool {
        var others: [Int: ServerMemory] = [:]
        for (partition, memory) in servers {
            let last = try await recovery.lastServer(.intake, partition)
            if last != memory.identity { others[partition] = memory }
        }
        guard let since = others.values.map(Recovery.doubtful).min() else { return true }
        for (partition, memory) in others {
            recovery.events.serverChanged(partition, memory)
            // Ends first: an intake alone on its machine knows of cancellations.
            try await recovery.restoreEnds(partition, since: Recovery.doubtful(since: memory))
        }
        let hasHeardAll = await waitForWordsOfTheLastServer()
        try await recovery.restoreAccepted(Set(others.keys), since: since, leaving: mayNotBeSent)
        guard hasHeardAll else { return false }
        for (partition, memory) in others { await recovery.remember(memory.identity, .intake, partition) }
        return true
    }

    /// A job may have been confirmed by the server that is gone, and nobody has heard it yet. False if one is still being
    /// accepted after a second.
    private func waitForWordsOfTheLastServer() async -> Bool {
        var jobs = spool.underway
        for _ in 0..<100 where !jobs.isEmpty {
            try? await Task.sleep(for: .milliseconds(10))
            jobs = jobs.filter { spool.standing(of: $0) == .underway }
        }
        return jobs.isEmpty
    }

    private func drain() async throws(RecoveryError) {
        guard !spool.isEmpty else { return }
        try await spool.empty { (sent) async throws(RecoveryError) in
            _ = try await recovery.drain(leaving: mayNotBeSent, each: sent)
        }
    }

    /// To be asked for before each page of the journal is read: a job that was being accepted then, or is since, may have been
    /// refused when the page has come.
    private func mayNotBeSent() -> (JobID) -> Bool {
        let page = spool.beginPage()
        return { page.leavesOut($0) }
    }

    /// Counts what an earlier process has left. Called once, before the first job is accepted.
    package func count() async throws(RecoveryError) {
        spool.found(
            try await recovery.reading { () async throws(AuditError) in try await recovery.journal.spooledCount() })
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
