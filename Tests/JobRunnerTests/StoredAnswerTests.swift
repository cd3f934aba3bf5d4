import JobFlow
import Metrics
import MetricsTestKit
import TestKit
import Testing

@testable import JobRunner

@Suite struct `A job that equal jobs have an answer for` {
    private let bench = Bench()

    private func spec(_ number: Int, reuse: AnswerReuse? = AnswerReuse(key: "k", ttl: .seconds(60))) -> JobSpec {
        var spec = Samples.spec(number)
        spec.reuse = reuse
        return spec
    }

    private func reusable() -> ScriptedCompleter {
        var result = Samples.result()
        result.isReusable = true
        guard case .called(var report) = Samples.answered() else { return ScriptedCompleter() }
        report.outcome = .answered(result)
        return ScriptedCompleter(.called(report))
    }

    @Test func `completes without a call, and its ledger says why`() async throws {
        try await bench.submit(spec(1))
        try await bench.run(reusable())
        bench.clock.advance(by: .seconds(7))
        try await bench.submit(spec(2))
        let completer = ScriptedCompleter()
        let record = try await bench.run(completer)
        #expect(completer.seen.prompts.isEmpty)
        #expect(record.state == .completed)
        #expect(record.result?.body == Samples.result().body)
        #expect(record.result?.servedBy == .cache)
        #expect(record.result?.ageSeconds == 7)
        #expect(record.usage == nil)
        let rows = try await bench.ledger(Samples.id(2))
        #expect(rows.map(\.reason) == ["cache"])
        #expect(rows.map(\.billed) == [.no])
        #expect(rows.map(\.endpoint) == ["one"])
        #expect(rows.map(\.outcome) == [.completed])
        #expect(rows.first?.usage == nil)
        #expect(bench.audit.rows.map(\.attempt).last == rows.last)
    }

    @Test func `is counted as that, and its tokens are not paid twice`() async throws {
        let metrics = TestMetrics()
        try await bench.submit(spec(1), spec(2), spec(3, reuse: nil))
        let first = try await bench.claim()
        let third = try await bench.claim()
        _ = await withMetricsFactory(metrics) { await bench.pipeline(reusable()).run(first) }
        _ = await withMetricsFactory(metrics) { await bench.pipeline(reusable()).run(third) }
        let second = try await bench.claim()
        #expect(second.stored?.servedBy == .coalesced)
        _ = await withMetricsFactory(metrics) { await bench.pipeline(ScriptedCompleter()).run(second) }
        for outcome in ["miss", "off", "coalesced"] {
            let labels = [("outcome", outcome)]
            #expect(metrics.counterTotal(label: "sluice_cache_requests_total", dimensions: labels) == 1, "\(outcome)")
        }
        #expect(metrics.counterTotal(label: "sluice_tokens_total") == 20)
        #expect(metrics.timers(label: "sluice_attempt_duration_seconds").flatMap(\.values).count == 2)
    }

    @Test(arguments: [
        (JobResult.ServedBy.cache, CacheOutcome.hit), (.stale, .stale), (.coalesced, .coalesced), (.endpoint, .miss),
    ])
    func `has one of five outcomes`(servedBy: JobResult.ServedBy, outcome: CacheOutcome) {
        let result = JobResult(statusCode: 200, body: [], servedBy: servedBy, endpoint: nil)
        #expect(CacheOutcome(.completed(result, nil), of: spec(1)) == outcome)
        #expect(CacheOutcome(.completed(result, nil), of: spec(1, reuse: nil)) == .off)
        #expect(CacheOutcome(.expired, of: spec(1)) == .miss)
    }
}
