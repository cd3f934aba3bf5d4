import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct RetryBudgetTests {
    private let now = Samples.start

    private func budget(ratio: Double = 0.2, reserve: Double = 0) -> RetryBudget {
        var budget = RetryBudget(RetryBudgetPolicy(ratio: ratio, reserve: reserve))
        budget.measured(0, at: now)
        return budget
    }

    @Test func `a fifth as many retries as first calls are allowed`() {
        var budget = budget()
        for _ in 0..<100 { budget.called(isRetry: false, at: now) }
        var retries = 0
        while budget.allows(at: now) {
            budget.called(isRetry: true, at: now)
            retries += 1
        }
        #expect((20...21).contains(retries))
    }

    @Test func `a few a second are always allowed`() {
        let budget = budget(reserve: 10)
        #expect(!budget.allows(at: now) && budget.allows(at: now + .milliseconds(1)))
    }

    @Test func `what was saved up is bounded`() {
        var budget = budget(reserve: 1)
        budget.measured(1_000_000, at: now)
        for _ in 0..<200 { budget.called(isRetry: true, at: now) }
        #expect(!budget.allows(at: now))
    }

    @Test(arguments: [true, false])
    func `a call that was turned away is as if it had not been made`(isRetry: Bool) {
        var budget = budget()
        budget.measured(5, at: now)
        let before = budget
        budget.called(isRetry: isRetry, at: now)
        budget.gaveBack(isRetry: isRetry, at: now)
        #expect(budget == before && !budget.hasNews)
    }

    @Test func `a report tells the calls since the last one, and the fleet's answer is less those since`() {
        var budget = budget()
        budget.called(isRetry: false, at: now)
        budget.called(isRetry: true, at: now)
        #expect(budget.hasNews)
        #expect(budget.report() == RetryReport(firstCalls: 1, retries: 1, ratio: 0.2, reserve: 0))
        budget.called(isRetry: true, at: now)
        budget.measured(1, at: now)
        #expect(!budget.allows(at: now))
        #expect(budget.report().retries == 1)
    }
}
