import JobFlow

/// The end of a claim as a row of the table `settlements`.
enum SettlementRow {
    private static let columns = """
        job, epoch, worker, server, queue, verdict, delay_ms, spent, rounds, recorded_at_ms, confirmed_at_ms, status,
        served, endpoint, usage, error, meta, attempts, answer
        """

    private static let into = """
        INTO settlements (\(columns)) VALUES (
            ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
        )
        """

    static let insert = "INSERT OR IGNORE " + into
    static let replace = "INSERT OR REPLACE " + into

    private static let isClaim = "job = ?1 AND epoch = ?2 AND worker = ?3 AND server = ?4"

    /// Also when it was confirmed before: what was restored may be lost again.
    static let confirm = "UPDATE settlements SET confirmed_at_ms = ?5 WHERE \(isClaim)"

    /// Leaves a confirmed end: that the queue did not want it restored does not make it untrue.
    static let dismiss = "DELETE FROM settlements WHERE \(isClaim) AND confirmed_at_ms IS NULL"

    /// Those that wait for the queue's word, too.
    static let delete = "DELETE FROM settlements WHERE job = ?"

    /// Leaves an answer that the queue was not told yet: it is paid for. Anything else that waits to be confirmed is the end
    /// that is meant.
    static let forget =
        "DELETE FROM settlements WHERE job = ? AND (confirmed_at_ms IS NOT NULL OR verdict <> 'completed')"

    /// A settlement as a row, and when its end was confirmed.
    static func values(_ settlement: Settlement, recordedAt: Timestamp, confirmedAt: Timestamp?) -> StatementValues {
        let end = VerdictColumns(settlement.verdict)
        var values = StatementValues(count: 19, bytes: (end.answer?.body.count ?? 0) + 1024)
        values.add(claim: settlement)
        values.add(settlement.queue)
        values.add(end.word.rawValue)
        values.add(end.delay)
        values.add(settlement.spent)
        values.add(settlement.rounds)
        values.add(recordedAt)
        values.add(confirmedAt)
        values.add(end.answer?.statusCode)
        values.add(end.answer?.servedBy.rawValue)
        values.add(end.answer?.endpoint)
        values.add(end.usage?.encoded)
        values.add(end.error?.encoded)
        values.add(settlement.spec.encodedMeta)
        values.add(list: settlement.attempts)
        values.add(end.answer?.body)
        return values
    }

    /// What names the row of a settlement.
    static func claim(_ settlement: Settlement) -> StatementValues {
        var values = StatementValues(count: 5, bytes: 160)
        values.add(claim: settlement)
        return values
    }
}

extension StatementValues {
    fileprivate mutating func add(claim settlement: Settlement) {
        add(settlement.id)
        add(settlement.epoch)
        add(settlement.worker)
        add(settlement.server.description)
    }

    /// Rows of a ledger as one JSON array.
    fileprivate mutating func add(list attempts: [Attempt]) {
        addBlob { bytes in
            bytes.append(UInt8(ascii: "["))
            for (index, attempt) in attempts.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes.append(contentsOf: attempt.encoded)
            }
            bytes.append(UInt8(ascii: "]"))
        }
    }
}

extension Settlement {
    /// An end that no claim had.
    init(_ ended: EndedJob) {
        self.init(spec: ended.spec, epoch: ended.epoch, worker: "", verdict: ended.verdict)
    }
}
