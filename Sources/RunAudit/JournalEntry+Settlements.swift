import JobFlow

/// The ends of claims, and those that no claim had.
extension JournalEntry {
    /// A settlement that is recorded again does not double its attempts.
    static func settlement(_ settlement: Settlement, at now: Timestamp) -> JournalEntry {
        let row = SettlementRow.values(settlement, recordedAt: now, confirmedAt: nil)
        var changes = [Change(.insertSettlement, row)]
        for attempt in settlement.auditedAttempts {
            changes.append(Change(.insertAttempt, attempt, recordedAt: now))
        }
        return JournalEntry(
            changes: changes, rows: max(1, settlement.attempts.count), bytes: row.byteCount, isConditional: true)
    }

    /// The queue's word on a settlement. An end is kept, in case the queue forgets it; anything else has served.
    static func answered(_ settlement: Settlement, _ outcome: SettleOutcome, at now: Timestamp) -> JournalEntry {
        let isEnd = outcome.isWritten && settlement.verdict.terminalState != nil
        var values = SettlementRow.claim(settlement)
        if isEnd { values.add(now) }
        // What came late, or again, was added to a ledger that had gone on meanwhile.
        let isNumberedAnew = outcome == .settled && settlement.occasion != .claim
        let numbers = (isNumberedAnew ? settlement.attempts : []).map {
            Change(.renumber, AttemptRow.number($0, of: settlement.id))
        }
        return JournalEntry(changes: [Change(isEnd ? .confirm : .dismiss, values)] + numbers, rows: 1)
    }

    static func noted(_ attempts: [AuditedAttempt], _ ended: [EndedJob], at now: Timestamp) -> JournalEntry {
        let attempts = attempts.map { Change(.insertNoted, $0, recordedAt: now) }
        let ends = ended.map {
            Change(.insertSettlement, SettlementRow.values(Settlement($0), recordedAt: now, confirmedAt: now))
        }
        return JournalEntry(changes: attempts + ends, rows: attempts.count + ends.count)
    }

    static func end(_ settlement: Settlement, at now: Timestamp) -> JournalEntry {
        let row = SettlementRow.values(settlement, recordedAt: now, confirmedAt: now)
        return JournalEntry(changes: [Change(.replaceSettlement, row)], rows: 1, bytes: row.byteCount)
    }

    static func forgottenEnd(_ id: JobID, at now: Timestamp) -> JournalEntry {
        JournalEntry(changes: [Change(.forgetEnd, id), Change(.reopen, id, now)], rows: 1)
    }
}

extension JournalEntry.Change {
    /// Adds a row to the ledger. Its digest is computed here, by whoever hands the entry over.
    init(_ statement: JournalStatement, _ attempt: AuditedAttempt, recordedAt now: Timestamp) {
        let values = AttemptRow.values(attempt, recordedAt: now)
        let sealed = SealedRow(
            job: attempt.job.description, number: Int64(attempt.attempt.number), digest: RowDigest(values))
        self.init(statement, values, sealed: sealed)
    }
}
