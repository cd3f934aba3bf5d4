import Foundation
import GRDB
import JobFlow

/// The end of a claim as a row of the table `settlements`: its values are made before the writer's turn.
struct SettlementRow: Sendable {
    private static let columns = """
        job, epoch, worker, server, queue, verdict, delay_ms, spent, rounds, recorded_at_ms, confirmed_at_ms, status,
        served, endpoint, usage, error, meta, attempts, answer
        """

    private static let into = """
        INTO settlements (\(columns)) VALUES (
            ?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?
        )
        """

    static let insert = "INSERT OR IGNORE " + into
    static let replace = "INSERT OR REPLACE " + into

    private static let isClaim = "job = ?1 AND epoch = ?2 AND worker = CAST(?3 AS TEXT) AND server = CAST(?4 AS TEXT)"

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

    static func claim(_ settlement: Settlement) -> StatementArguments {
        [
            settlement.id.description, settlement.epoch, ExactText.argument(settlement.worker),
            ExactText.argument(settlement.server.description),
        ]
    }

    private let settlement: Settlement
    private let end: VerdictColumns
    private let meta: Data
    private let attempts: Data

    init(_ settlement: Settlement) {
        self.settlement = settlement
        end = VerdictColumns(settlement.verdict)
        meta = Data(settlement.spec.encodedMeta)
        attempts = Data(Attempt.encoded(settlement.attempts))
    }

    init(_ ended: EndedJob) {
        self.init(Settlement(spec: ended.spec, epoch: ended.epoch, worker: "", verdict: ended.verdict))
    }

    var bytes: Int { meta.count + attempts.count + (end.answer?.body.count ?? 0) }

    func values(recordedAt: Timestamp, confirmedAt: Timestamp?) -> StatementArguments {
        Self.claim(settlement) + [
            ExactText.argument(settlement.queue), end.word.rawValue, end.delay, settlement.spent, settlement.rounds,
            recordedAt.milliseconds, confirmedAt?.milliseconds, end.answer?.statusCode, end.answer?.servedBy.rawValue,
            (end.answer?.endpoint).map(ExactText.argument), (end.usage?.encoded).map { Data($0) },
            (end.error?.encoded).map { Data($0) }, meta, attempts, (end.answer?.body).map { Data($0) },
        ]
    }
}
