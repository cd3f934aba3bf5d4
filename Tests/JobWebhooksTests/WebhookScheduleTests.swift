import JobFlow
import Testing

@testable import JobWebhooks

@Suite struct `What becomes of an event after a delivery` {
    private static let delays: [Duration] = [5, 300, 1800, 7200, 18_000, 36_000].map { .seconds($0) }
    private let schedule = WebhookSchedule(delays: delays, maxAttempts: 7)

    private func verdict(_ outcome: WebhookOutcome, attempt: Int = 1, chance: Double = 0) -> WebhookVerdict {
        schedule.verdict(outcome, attempt: attempt, chance: chance)
    }

    @Test(arguments: [200, 201, 204, 299]) func `any 2xx is a delivery`(status: Int) {
        #expect(verdict(.answered(status, retryAfter: nil), attempt: 7) == .delivered)
    }

    @Test(arguments: [100, 199, 300, 301, 302, 307, 400, 401, 404, 409, 429, 500, 503])
    func `any other status is tried again, redirects too`(status: Int) {
        #expect(verdict(.answered(status, retryAfter: nil)) == .retry(after: .seconds(5)))
    }

    @Test(arguments: Array(zip(1...6, delays)))
    func `each wait is longer than the one before`(attempt: Int, delay: Duration) {
        #expect(verdict(.failed("timeout"), attempt: attempt) == .retry(after: delay))
        #expect(verdict(.failed("timeout"), attempt: attempt, chance: 1) == .retry(after: delay + delay / 10))
    }

    @Test func `after the last attempt the event is dead`() {
        #expect(verdict(.failed("timeout"), attempt: 7) == .dead)
        #expect(verdict(.answered(500, retryAfter: nil), attempt: 8) == .dead)
    }

    @Test func `the last wait is repeated where there are more attempts than waits`() {
        let schedule = WebhookSchedule(delays: [.seconds(1), .seconds(2)], maxAttempts: 5)
        #expect(schedule.verdict(.failed("tls"), attempt: 4, chance: 0) == .retry(after: .seconds(2)))
        #expect(
            WebhookSchedule(delays: [], maxAttempts: 5).verdict(.failed("tls"), attempt: 1, chance: 0) == .dead)
    }

    @Test func `who is gone is not told again, nor an address that may not be called`() {
        #expect(verdict(.answered(410, retryAfter: nil)) == .dead)
        #expect(verdict(.addressRefused) == .dead)
    }

    @Test func `a receiver may ask for a longer wait, within bounds, and not for a shorter one`() {
        #expect(verdict(.answered(429, retryAfter: .seconds(60))) == .retry(after: .seconds(60)))
        #expect(verdict(.answered(503, retryAfter: .seconds(1))) == .retry(after: .seconds(5)))
        #expect(verdict(.answered(503, retryAfter: .seconds(999_999))) == .retry(after: .seconds(86_400)))
    }

    @Test func `what a stopping worker breaks off is handed back`() {
        #expect(verdict(.cancelled, attempt: 7) == .released)
    }
}
