import GRDB
import JobFlow

/// The ends of claims, and those that no claim had.
extension JournalEntry {
    /// A settlement that is recorded again does not double its attempts.
    static func settlement(_ settlement: Settlement, at now: Timestamp) -> JournalEntry {
        let attempts = settlement.auditedAttempts.map {
            Change(AttemptRow.insert, AttemptRow.values($0, recordedAt: now))
        }
        let row = SettlementRow(settlement)
        return JournalEntry(
            changes: [Change(SettlementRow.insert, row.values(recordedAt: now, confirmedAt: nil))] + attempts,
            rows: max(1, attempts.count), bytes: row.bytes, isConditional: true)
    }

    /// The queue's word on a settlement. An end is kept, in case the queue forgets it; anything else has served.
    static func answered(_ settlement: Settlement, _ outcome: SettleOutcome, at now: Timestamp) -> JournalEntry {
        let claim = SettlementRow.claim(settlement)
        let isEnd = outcome.isWritten && settlement.verdict.terminalState != nil
        let change =
            isEnd ? Change(SettlementRow.confirm, claim + [now.milliseconds]) : Change(SettlementRow.dismiss, claim)
        // What came late, or again, was added to a ledger that had gone on meanwhile.
        let isNumberedAnew = outcome == .settled && settlement.occasion != .claim
        let numbers = (isNumberedAnew ? settlement.attempts : []).map {
            Change(AttemptRow.renumber, AttemptRow.number($0, of: settlement.id))
        }
        return JournalEntry(changes: [change] + numbers, rows: 1)
    }

    static func noted(_ attempts: [AuditedAttempt], _ ended: [EndedJob], at now: Timestamp) -> JournalEntry {
        let attempts = attempts.map { Change(AttemptRow.insertNoted, AttemptRow.values($0, recordedAt: now)) }
        let ends = ended.map {
            Change(SettlementRow.insert, SettlementRow($0).values(recordedAt: now, confirmedAt: now))
        }
        return JournalEntry(changes: attempts + ends, rows: attempts.count + ends.count)
    }

    static func end(_ settlement: Settlement, at now: Timestamp) -> JournalEntry {
        let row = SettlementRow(settlement)
        return JournalEntry(
            changes: [Change(SettlementRow.replace, row.values(recordedAt: now, confirmedAt: now))], rows: 1,
            bytes: row.bytes)
    }

    static func forgottenEnd(_ id: JobID, at now: Timestamp) -> JournalEntry {
        JournalEntry(
            changes: [
                Change(SettlementRow.forget, [id.description]),
                Change(AcceptedRow.reopen, [id.description, now.milliseconds]),
            ], rows: 1)
    }
}
