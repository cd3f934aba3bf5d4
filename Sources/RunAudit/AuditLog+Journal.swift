package import JobFlow

extension AuditLog: JobJournal {
    package func accept(_ spec: JobSpec) async throws(AuditError) {
        let time = spec.idempotency.map(writer.configuration.memory(of:)) ?? .zero
        try await commit(.accepted(spec, at: clock(), keptFor: time))
    }

    package func accept(_ specs: [JobSpec]) async throws(AuditError) {
        guard !specs.isEmpty else { return }
        let now = clock()
        try await commit(
            .accepted(specs, at: now) { $0.idempotency.map(writer.configuration.memory(of:)) ?? .zero })
    }

    package func queued(_ ids: [JobID]) {
        guard !ids.isEmpty else { return }
        commitLater(.queued(ids, at: clock()))
    }

    package func leftSpool(_ ids: [JobID]) async throws(AuditError) {
        guard !ids.isEmpty else { return }
        let entry = JournalEntry.queued(ids, at: clock())
        do throws(AuditError) { try await commit(entry) } catch {
            commitLater(entry)
            throw error
        }
    }

    /// What the disk does not take now it is asked to take again. By then they may have been accepted anew.
    package func withdraw(_ ids: [JobID]) async throws(AuditError) {
        guard !ids.isEmpty else { return }
        let now = clock()
        do throws(AuditError) { try await commit(.withdrawn(ids)) } catch {
            commitLater(.withdrawn(ids, acceptedBy: now))
            throw error
        }
    }

    package func ended(_ ids: [JobID]) {
        guard !ids.isEmpty else { return }
        commitLater(.ended(ids, at: clock(), keptFor: Expiry.graceOfEnded))
    }

    package func known(_ idempotency: Idempotency) async throws(AuditError) -> KnownJob? {
        guard idempotency.source != .firstSend, let job = try await reader.keyed(idempotency.key),
            job.isRemembered(at: clock(), writer.configuration)
        else { return nil }
        return KnownJob(id: job.id, hasSameContent: job.idempotency.content == idempotency.content)
    }

    package func spooled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobSpec> {
        try await reader.spooled(after: mark, limit: limit)
    }

    package func spooledCount() async throws(AuditError) -> Int { try await reader.spooledCount() }

    package func accepted(since: Timestamp, after mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<JobSpec>
    {
        try await reader.accepted(since: since, after: mark, limit: limit)
    }

    package func unsettled(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<Settlement> {
        try await reader.unsettled(after: mark, limit: limit)
    }

    package func confirmed(since: Timestamp, before mark: JournalMark, limit: Int)
        async throws(AuditError) -> JournalPage<Settlement>
    {
        try await reader.confirmed(since: since, before: mark, limit: limit)
    }

    package func underway(after mark: JournalMark, limit: Int) async throws(AuditError) -> JournalPage<JobID> {
        try await reader.underway(after: mark, limit: limit)
    }

    /// The ledger of one job, oldest first.
    package func attempts(of job: JobID) async throws(AuditError) -> [AuditedAttempt] {
        try await reader.attempts(of: job)
    }

    package func record(_ id: JobID) async throws(AuditError) -> JobRecord? { try await reader.record(id) }

    package func noteEnd(_ settlement: Settlement) async throws(AuditError) {
        try await commit(.end(settlement, at: clock()))
    }

    package func forgetEnd(_ id: JobID) async throws(AuditError) { try await commit(.forgottenEnd(id, at: clock())) }

    package func forget(_ id: JobID) async throws(AuditError) { try await commit(.forgotten(id)) }

    package func lastServer(_ role: JournalRole, partition: Int) async throws(AuditError) -> ServerIdentity? {
        try await reader.lastServer(role, partition: partition)
    }

    package func remember(_ server: ServerIdentity, _ role: JournalRole, partition: Int) async throws(AuditError) {
        try await commit(.server(server, role, partition: partition))
    }
}

extension AuditLog {
    /// Newest first. `limit` is 1 to `AuditReader.maximumLimit`.
    package func query(_ filter: AuditFilter, limit: Int) async throws(AuditError) -> [AuditedAttempt] {
        try await reader.query(filter, limit: limit)
    }

    private var reader: AuditReader { writer.file.reader }
}
