import GRDB
import JobFlow

/// Promises, and the servers that know of them.
extension JournalEntry {
    static func accepted(_ spec: JobSpec, at now: Timestamp, keptFor time: Duration) -> JournalEntry {
        let values = AcceptedRow.values(spec, acceptedAt: now, keptUntil: now + time)
        return JournalEntry(changes: [Change(AcceptedRow.insert, values)], rows: 1, bytes: spec.body.count)
    }

    static func queued(_ ids: [JobID], at now: Timestamp) -> JournalEntry {
        JournalEntry(
            changes: ids.map { Change(AcceptedRow.queued, [$0.description, now.milliseconds]) }, rows: ids.count)
    }

    /// Not expendable: the job would be sent to the queue that refused it. There are never more of them than jobs that were
    /// being accepted when the disk failed.
    static func withdrawn(_ id: JobID) -> JournalEntry {
        JournalEntry(changes: [Change(AcceptedRow.withdraw, [id.description])], rows: 1, isExpendable: false)
    }

    static func forgotten(_ id: JobID) -> JournalEntry {
        JournalEntry(
            changes: [SettlementRow.delete, AcceptedRow.withdraw].map { Change($0, [id.description]) }, rows: 1)
    }

    static func ended(_ ids: [JobID], at now: Timestamp, keptFor time: Duration) -> JournalEntry {
        let until = now + time
        return JournalEntry(
            changes: ids.map {
                Change(AcceptedRow.ended, [$0.description, now.milliseconds, until.milliseconds])
            }, rows: ids.count)
    }

    static func server(_ server: ServerIdentity, _ role: JournalRole, partition: Int) -> JournalEntry {
        let sql = """
            INSERT INTO servers (role, partition, identity) VALUES (?, ?, CAST(? AS TEXT))
            ON CONFLICT DO UPDATE SET identity = excluded.identity
            """
        let values: StatementArguments = [role.rawValue, partition, ExactText.argument(server.description)]
        return JournalEntry(changes: [Change(sql, values)], rows: 1)
    }
}
