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

    static func spec(
        _ id: JobID = job(), queue: String = "default", correlationID: String = "req-1", idempotency: Idempotency? = nil
    ) -> JobSpec {
        JobSpec(
            id: id, queue: queue, path: .chatCompletions, model: "gpt-4o", body: Array(#"{"messages":[]}"#.utf8),
            createdAt: start, maxAttempts: 5, correlationID: correlationID, idempotency: idempotency)
    }

    static let answer = JobResult(statusCode: 200, body: Array(#"{"choices":[]}"#.utf8), endpoint: "eastus-ptu")

    static func settlement(
        _ verdict: Verdict = .completed(answer, nil), of id: JobID = job(), epoch: Int = 1,
        worker: String = "worker-1", server: String = "server-1", attempts: [Attempt] = [row().attempt]
    ) -> Settlement {
        Settlement(
            spec: spec(id), epoch: epoch, worker: worker, server: ServerIdentity(server), verdict: verdict,
            attempts: attempts, spent: 1, rounds: 2)
    }

    /// A claim whose rows these are.
    static func settlement(_ rows: [AuditedAttempt]) -> Settlement {
        var settlement = settlement(
            .retry(after: .zero), of: rows[0].job, epoch: rows[0].attempt.number, attempts: rows.map(\.attempt))
        settlement.spec.queue = rows[0].queue
        settlement.spec.correlationID = rows[0].correlationID
        return settlement
    }
}

extension Settlement {
    /// As it comes back from the journal, which does not keep its prompt.
    func stored(as occasion: Occasion) -> Settlement {
        var copy = self
        copy.spec.body = []
        copy.occasion = occasion
        return copy
    }
}
