import Foundation
import JobFlow
import RunAudit

/// A row of the audit log as CSV (RFC 4180), times as RFC 3339 with milliseconds. Pure.
enum AuditCSV {
    static let titles = Array(
        """
        row,job,queue,correlation_id,number,endpoint,region,tier,worker,started_at,ended_at,outcome,status_code,reason,\
        delay_ms,billed,prompt_tokens,completion_tokens,cached_tokens,total_tokens,upstream_request_id
        """.utf8)

    static func line(_ row: AuditRow) -> [UInt8] {
        let attempt = row.attempt.attempt
        let usage = attempt.usage
        let cells: [String] = [
            "\(row.id)", "\(row.attempt.job)", row.attempt.queue, row.attempt.correlationID, "\(attempt.number)",
            attempt.endpoint, attempt.region, attempt.tier, attempt.worker, time(attempt.startedAt),
            time(attempt.endedAt),
            attempt.outcome.rawValue, text(attempt.statusCode), attempt.reason ?? "", text(attempt.delayMilliseconds),
            attempt.billed.rawValue, text(usage?.promptTokens), text(usage?.completionTokens),
            text(usage?.cachedTokens),
            text(usage?.totalTokens), attempt.upstreamRequestID ?? "",
        ]
        return Array(cells.map(quoted).joined(separator: ",").utf8)
    }

    static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(where: { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }) else {
            return cell
        }
        return "\"" + cell.replacing("\"", with: "\"\"") + "\""
    }

    private static func text(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "" }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    private static func time(_ moment: Timestamp) -> String {
        Date(timeIntervalSince1970: moment.seconds).formatted(style)
    }
}
