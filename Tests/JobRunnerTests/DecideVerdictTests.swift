import JobFlow
import TestKit
import Testing

@testable import JobRunner

/// One line of the table: what is known, and what has to follow.
struct VerdictRow: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var failure: CallFailure?
    var spent = 1
    var canFailOver = false
    var poolOpensIn: Duration?
    var timeLeft: Duration?
    var isDraining = false
    var step: DecideVerdict.Step

    var situation: DecideVerdict.Situation {
        DecideVerdict.Situation(
            failure: failure, spent: spent, maxAttempts: 3, canFailOver: canFailOver, poolOpensIn: poolOpensIn,
            backoff: .seconds(1), timeLeft: timeLeft, isDraining: isDraining)
    }
}

private let broken = Samples.failure()
private let refused = Samples.failure("content_filter", remedy: .giveUp, answer: Samples.result())
private let failed = DecideVerdict.Step.end(.failed(broken.error, answer: nil))

private func retry(_ wait: Duration) -> DecideVerdict.Step { .end(.retry(after: wait)) }
private func released(_ wait: Duration) -> DecideVerdict.Step { .end(.released(after: wait)) }

@Suite struct DecideVerdictTests {
    @Test(arguments: [
        VerdictRow(testDescription: "broken, another endpoint can", failure: broken, canFailOver: true, step: .failOver),
        VerdictRow(testDescription: "broken, none can", failure: broken, step: retry(.seconds(1))),
        VerdictRow(testDescription: "broken, draining", failure: broken, canFailOver: true, isDraining: true, step: retry(.seconds(1))),
        VerdictRow(testDescription: "broken, last but one", failure: broken, spent: 2, step: retry(.seconds(1))),
        VerdictRow(testDescription: "broken, last", failure: broken, spent: 3, canFailOver: true, step: failed),
        VerdictRow(testDescription: "broken, past the last", failure: broken, spent: 4, canFailOver: true, step: failed),
        VerdictRow(testDescription: "broken, last, draining", failure: broken, spent: 3, isDraining: true, step: failed),
        VerdictRow(testDescription: "broken, the pool is closed for less", failure: broken, poolOpensIn: .milliseconds(10), step: retry(.seconds(1))),
        VerdictRow(testDescription: "broken, told to wait longer", failure: Samples.failure(retryAfter: .seconds(9)), step: retry(.seconds(9))),
        VerdictRow(testDescription: "broken, told to wait less", failure: Samples.failure(retryAfter: .zero), step: retry(.seconds(1))),
        VerdictRow(testDescription: "broken, the upstream's answer", failure: Samples.failure(answer: Samples.result()), spent: 3, step: .end(.failed(broken.error, answer: Samples.result()))),
    ])
    func `a failure that counts`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(testDescription: "another endpoint can", failure: Samples.throttled(.seconds(5)), canFailOver: true, step: .failOver),
        VerdictRow(testDescription: "none can", failure: Samples.throttled(.seconds(5)), step: retry(.seconds(5))),
        VerdictRow(testDescription: "not told how long", failure: Samples.throttled(nil), step: retry(.seconds(1))),
        VerdictRow(testDescription: "told less than the backoff", failure: Samples.throttled(.milliseconds(80)), step: retry(.milliseconds(80))),
        VerdictRow(testDescription: "another opens before", failure: Samples.throttled(.seconds(60)), poolOpensIn: .seconds(2), step: retry(.seconds(2))),
        VerdictRow(testDescription: "another opens later", failure: Samples.throttled(.seconds(2)), poolOpensIn: .seconds(60), step: retry(.seconds(2))),
        VerdictRow(testDescription: "not told, another opens", failure: Samples.throttled(nil), poolOpensIn: .seconds(7), step: retry(.seconds(7))),
        VerdictRow(testDescription: "nothing left to spend", failure: Samples.throttled(.seconds(5)), spent: 3, step: retry(.seconds(5))),
        VerdictRow(testDescription: "draining", failure: Samples.throttled(.seconds(5)), canFailOver: true, isDraining: true, step: retry(.seconds(5))),
        VerdictRow(testDescription: "past the deadline by then", failure: Samples.throttled(.seconds(5)), timeLeft: .seconds(5), step: .end(.expired)),
    ])
    func `a throttled call`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(testDescription: "at once", failure: refused, canFailOver: true, step: .end(.failed(refused.error, answer: Samples.result()))),
        VerdictRow(testDescription: "draining", failure: refused, isDraining: true, step: .end(.failed(refused.error, answer: Samples.result()))),
        VerdictRow(testDescription: "too late", failure: refused, timeLeft: .zero, step: .end(.expired)),
    ])
    func `a request at fault`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(testDescription: "draining", failure: Samples.cancelled, isDraining: true, step: released(.zero)),
        VerdictRow(testDescription: "not draining", failure: Samples.cancelled, canFailOver: true, step: released(.zero)),
        VerdictRow(testDescription: "nothing left to spend", failure: Samples.cancelled, spent: 3, isDraining: true, step: released(.zero)),
        VerdictRow(testDescription: "too late", failure: Samples.cancelled, timeLeft: .milliseconds(-1), isDraining: true, step: .end(.expired)),
    ])
    func `a call that we closed ourselves`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(testDescription: "the pool opens soon", spent: 0, poolOpensIn: .milliseconds(100), step: released(.milliseconds(100))),
        VerdictRow(testDescription: "nobody knows when", spent: 0, step: released(.seconds(1))),
        VerdictRow(testDescription: "draining", spent: 0, poolOpensIn: .seconds(100), isDraining: true, step: released(.zero)),
        VerdictRow(testDescription: "nothing left to spend", spent: 3, poolOpensIn: .seconds(2), step: released(.seconds(2))),
        VerdictRow(testDescription: "past the deadline by then", spent: 0, poolOpensIn: .seconds(2), timeLeft: .seconds(1), step: .end(.expired)),
        VerdictRow(testDescription: "just before the deadline", spent: 0, poolOpensIn: .seconds(2), timeLeft: .milliseconds(2001), step: released(.seconds(2))),
    ])
    func `no call could be made`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(testDescription: "time is up", failure: broken, canFailOver: true, timeLeft: .zero, step: .end(.expired)),
        VerdictRow(testDescription: "time was up", failure: broken, spent: 3, timeLeft: .seconds(-9), step: .end(.expired)),
        VerdictRow(testDescription: "the backoff ends with the deadline", failure: broken, timeLeft: .seconds(1), step: .end(.expired)),
        VerdictRow(testDescription: "the backoff ends just before", failure: broken, timeLeft: .milliseconds(1001), step: retry(.seconds(1))),
        VerdictRow(testDescription: "time for another endpoint", failure: broken, canFailOver: true, timeLeft: .milliseconds(1), step: .failOver),
        VerdictRow(testDescription: "the last failure is told before the expiry to come", failure: broken, spent: 3, timeLeft: .milliseconds(1), step: failed),
    ])
    func `a job with a deadline`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }
}
