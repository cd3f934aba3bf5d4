import JobFlow

/// A ledger as a table for people. Pure.
struct AttemptTable {
    private static let titles = [
        "attempt", "endpoint", "region", "outcome", "status", "reason", "took", "then waited", "tokens",
    ]
    let text: String

    init(_ rows: [AuditedAttempt]) {
        text = TextTable.text(
            ["job", "started"] + Self.titles,
            rows.map { ["\($0.job)", TimeText.show($0.attempt.startedAt)] + Self.cells($0.attempt) })
    }

    init(_ attempts: [Attempt]) { text = TextTable.text(Self.titles, attempts.map(Self.cells)) }

    private static func cells(_ attempt: Attempt) -> [String] {
        [
            String(attempt.number), attempt.endpoint, attempt.region, attempt.outcome.rawValue,
            attempt.statusCode.map(String.init) ?? "-", attempt.reason ?? "-",
            "\((attempt.endedAt - attempt.startedAt).wholeMilliseconds) ms",
            attempt.delayMilliseconds.map { "\($0) ms" } ?? "-", attempt.usage.map { String($0.totalTokens) } ?? "-",
        ]
    }
}
