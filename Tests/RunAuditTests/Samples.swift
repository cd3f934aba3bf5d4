import JobFlow
import Logging
import RunAudit

enum Samples {
    static let start = Timestamp(milliseconds: 1_760_000_000_000)
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func job(_ number: Int = 0) -> JobID {
        var random = SystemRandomNumberGenerator()
        return JobID(partition: number, createdAt: start, random: &random)
    }

    static func row(
        job: JobID = job(), number: Int = 1, endpoint: String = "eastus-ptu", startedAfter delay: Duration = .zero,
        outcome: Attempt.Outcome = .completed
    ) -> AuditedAttempt {
        AuditedAttempt(
            job: job, queue: "default", correlationID: "req-1",
            attempt: Attempt(
                number: number, endpoint: endpoint, region: "eastus", tier: "ptu", worker: "worker-1",
                startedAt: start + delay, endedAt: start + delay + .seconds(1), outcome: outcome, billed: .yes))
    }

    /// A row with a value in every column, some of them awkward.
    static func fullRow(job: JobID) -> AuditedAttempt {
        AuditedAttempt(
            job: job, queue: "inter\u{0}active", correlationID: "a\u{0}b'\"\n\u{1F680}\u{0}",
            attempt: Attempt(
                number: 7, endpoint: "\u{0}", region: "", tier: "payg", worker: "w\u{0}", startedAt: start,
                endedAt: start + .milliseconds(1234), outcome: .retry, statusCode: 429, reason: "thr\u{0}ottled",
                delayMilliseconds: 60_000, billed: .maybe,
                usage: TokenUsage(promptTokens: 11, completionTokens: 5, cachedTokens: 3, totalTokens: 17),
                upstreamRequestID: "id\u{0}\u{0}x"))
    }
}
