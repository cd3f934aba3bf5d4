import JobFlow

/// Promises, and the servers that know of them.
extension JournalEntry {
    static func accepted(_ spec: JobSpec, at now: Timestamp, keptFor time: Duration) -> JournalEntry {
        let values = AcceptedRow.values(spec, acceptedAt: now, keptUntil: now + time)
        return JournalEntry(changes: [Change(.accept, values)], rows: 1, bytes: spec.body.count)
    }

    static func accepted(_ specs: [JobSpec], at now: Timestamp, keptFor time: (JobSpec) -> Duration) -> JournalEntry {
        let changes = specs.map { Change(.accept, AcceptedRow.values($0, acceptedAt: now, keptUntil: now + time($0))) }
        return JournalEntry(changes: changes, rows: specs.count, bytes: specs.reduce(0) { $0 + $1.body.count })
    }

    static func queued(_ ids: [JobID], at now: Timestamp) -> JournalEntry {
        JournalEntry(changes: ids.map { Change(.queued, $0, now) }, rows: ids.count)
    }

    /// Not expendable: the job would be sent to the queue that refused it. There are never more of them than jobs that were
    /// being accepted when the disk failed.
    ///
    /// - Parameter latest: later acceptances are not meant.
    static func withdrawn(_ ids: [JobID], acceptedBy latest: Timestamp = .whenever) -> JournalEntry {
        JournalEntry(changes: ids.map { Change(.withdraw, $0, latest) }, rows: ids.count, isExpendable: false)
    }

    static func forgotten(_ id: JobID) -> JournalEntry {
        JournalEntry(changes: [Change(.deleteSettlements, id), Change(.forget, id)], rows: 1)
    }

    static func ended(_ ids: [JobID], at now: Timestamp, keptFor time: Duration) -> JournalEntry {
        JournalEntry(changes: ids.map { Change(.ended, $0, now, now + time) }, rows: ids.count)
    }

    static func server(_ server: ServerIdentity, _ role: JournalRole, partition: Int) -> JournalEntry {
        JournalEntry(
            changes: [Change(.rememberServer, ServerRow.values(server, role, partition: partition))], rows: 1)
    }
}

extension Timestamp {
    /// Later than any acceptance.
    static let whenever = Timestamp(milliseconds: .max)
}
