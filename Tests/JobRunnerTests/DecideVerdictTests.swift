import JobFlow
import TestKit
import Testing

@testable import JobRunner

/// One line of the table: what is known, and what has to follow.
struct VerdictRow: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let situation: DecideVerdict.Situation
    let step: DecideVerdict.Step

    init(
        _ testDescription: String, failure: CallFailure? = nil, spent: Int = 1, canFailOver: Bool = false,
        poolOpensIn: Duration? = nil, timeLeft: Duration? = nil, isDraining: Bool = false, step: DecideVerdict.Step
    ) {
        self.testDescription = testDescription
        self.step = step
        situation = DecideVerdict.Situation(
            failure: failure, spent: spent, maxAttempts: 3, canFailOver: canFailOver, poolOpensIn: poolOpensIn,
            backoff: .seconds(1), timeLeft: timeLeft, isDraining: isDraining)
    }
}

private let broken = Samples.failure()
private let refused = Samples.failure("content_filter", remedy: .giveUp, answer: Samples.result())
private let tooLong = Samples.failure(
    "context_length_exceeded", remedy: .larger, isCounted: false, answer: Samples.result())
private let failed = DecideVerdict.Step.end(.failed(broken.error, answer: nil))

private func retry(_ wait: Duration) -> DecideVerdict.Step { .end(.retry(after: wait)) }
private func released(_ wait: Duration) -> DecideVerdict.Step { .end(.released(after: wait)) }

@Suite struct DecideVerdictTests {
    @Test(arguments: [
        VerdictRow("broken, another endpoint can", failure: broken, canFailOver: true, step: .failOver),
        VerdictRow("broken, none can", failure: broken, step: retry(.seconds(1))),
        VerdictRow("broken, draining", failure: broken, canFailOver: true, isDraining: true, step: retry(.seconds(1))),
        VerdictRow("broken, last but one", failure: broken, spent: 2, step: retry(.seconds(1))),
        VerdictRow("broken, last", failure: broken, spent: 3, canFailOver: true, step: failed),
        VerdictRow("broken, past the last", failure: broken, spent: 4, canFailOver: true, step: failed),
        VerdictRow("broken, last, draining", failure: broken, spent: 3, isDraining: true, step: failed),
        VerdictRow(
            "broken, the pool is closed for less", failure: broken, poolOpensIn: .milliseconds(10),
            step: retry(.seconds(1))),
        VerdictRow(
            "broken, told to wait longer", failure: Samples.failure(retryAfter: .seconds(9)),
            step: retry(.seconds(9))),
        VerdictRow(
            "broken, told to wait less", failure: Samples.failure(retryAfter: .zero),
            step: retry(.seconds(1))),
        VerdictRow(
            "broken, the upstream's answer", failure: Samples.failure(answer: Samples.result()),
            spent: 3, step: .end(.failed(broken.error, answer: Samples.result()))),
    ])
    func `a failure that counts`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow("another endpoint can", failure: Samples.throttled(.seconds(5)), canFailOver: true, step: .failOver),
        VerdictRow("none can", failure: Samples.throttled(.seconds(5)), step: retry(.seconds(5))),
        VerdictRow("not told how long", failure: Samples.throttled(nil), step: retry(.seconds(1))),
        VerdictRow(
            "told less than the backoff", failure: Samples.throttled(.milliseconds(80)),
            step: retry(.milliseconds(80))),
        VerdictRow(
            "another opens before", failure: Samples.throttled(.seconds(60)), poolOpensIn: .seconds(2),
            step: retry(.seconds(2))),
        VerdictRow(
            "another opens later", failure: Samples.throttled(.seconds(2)), poolOpensIn: .seconds(60),
            step: retry(.seconds(2))),
        VerdictRow(
            "not told, another opens", failure: Samples.throttled(nil), poolOpensIn: .seconds(7),
            step: retry(.seconds(7))),
        VerdictRow(
            "nothing left to spend", failure: Samples.throttled(.seconds(5)), spent: 3,
            step: retry(.seconds(5))),
        VerdictRow(
            "draining", failure: Samples.throttled(.seconds(5)), canFailOver: true, isDraining: true,
            step: retry(.seconds(5))),
        VerdictRow(
            "past the deadline by then", failure: Samples.throttled(.seconds(5)),
            timeLeft: .seconds(5), step: .end(.expired)),
    ])
    func `a throttled call`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(
            "at once", failure: refused, canFailOver: true,
            step: .end(.failed(refused.error, answer: Samples.result()))),
        VerdictRow(
            "draining", failure: refused, isDraining: true,
            step: .end(.failed(refused.error, answer: Samples.result()))),
        VerdictRow("too late", failure: refused, timeLeft: .zero, step: .end(.expired)),
    ])
    func `a request at fault`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow("perhaps a larger one can", failure: tooLong, spent: 0, canFailOver: true, step: .failOver),
        VerdictRow(
            "there is none", failure: tooLong, spent: 0,
            step: .end(.failed(tooLong.error, answer: Samples.result()))),
        VerdictRow(
            "the larger one opens soon: the small one is not asked as often", failure: tooLong, spent: 0,
            poolOpensIn: .milliseconds(100), step: retry(.seconds(1))),
        VerdictRow(
            "the larger one opens late", failure: tooLong, spent: 0, poolOpensIn: .seconds(30),
            step: retry(.seconds(30))),
        VerdictRow(
            "it opens after the deadline", failure: tooLong, spent: 0, poolOpensIn: .seconds(30),
            timeLeft: .seconds(30), step: .end(.expired)),
        VerdictRow(
            "draining", failure: tooLong, spent: 0, canFailOver: true, isDraining: true, step: retry(.seconds(1))),
    ])
    func `a prompt that is too long for an endpoint`(row: VerdictRow) {
        #expect(DecideVerdict.decide(row.situation) == row.step)
    }

    @Test(arguments: [
        VerdictRow("draining", failure: Samples.cancelled, isDraining: true, step: released(.zero)),
        VerdictRow("not draining", failure: Samples.cancelled, canFailOver: true, step: released(.zero)),
        VerdictRow(
            "nothing left to spend", failure: Samples.cancelled, spent: 3, isDraining: true,
            step: released(.zero)),
        VerdictRow(
            "too late", failure: Samples.cancelled, timeLeft: .milliseconds(-1), isDraining: true,
            step: .end(.expired)),
    ])
    func `a call that we closed ourselves`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow(
            "the pool opens soon", spent: 0, poolOpensIn: .milliseconds(100),
            step: released(.milliseconds(100))),
        VerdictRow("nobody knows when", spent: 0, step: released(.seconds(1))),
        VerdictRow("draining", spent: 0, poolOpensIn: .seconds(100), isDraining: true, step: released(.zero)),
        VerdictRow("nothing left to spend", spent: 3, poolOpensIn: .seconds(2), step: released(.seconds(2))),
        VerdictRow(
            "past the deadline by then", spent: 0, poolOpensIn: .seconds(2), timeLeft: .seconds(1),
            step: .end(.expired)),
        VerdictRow(
            "just before the deadline", spent: 0, poolOpensIn: .seconds(2),
            timeLeft: .milliseconds(2001), step: released(.seconds(2))),
    ])
    func `no call could be made`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }

    @Test(arguments: [
        VerdictRow("time is up", failure: broken, canFailOver: true, timeLeft: .zero, step: .end(.expired)),
        VerdictRow("time was up", failure: broken, spent: 3, timeLeft: .seconds(-9), step: .end(.expired)),
        VerdictRow(
            "the backoff ends with the deadline", failure: broken, timeLeft: .seconds(1),
            step: .end(.expired)),
        VerdictRow(
            "the backoff ends just before", failure: broken, timeLeft: .milliseconds(1001),
            step: retry(.seconds(1))),
        VerdictRow(
            "time for another endpoint", failure: broken, canFailOver: true,
            timeLeft: .milliseconds(1), step: .failOver),
        VerdictRow(
            "the last failure is told before the expiry to come", failure: broken, spent: 3,
            timeLeft: .milliseconds(1), step: failed),
    ])
    func `a job with a deadline`(row: VerdictRow) { #expect(DecideVerdict.decide(row.situation) == row.step) }
}
