import JobFlow
import TestKit
import Testing

@testable import JobRunner

@Suite struct TracingTests {
    private static let client = TraceContext(
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", state: "a=1")

    private let bench = Bench()
    private let spans = KeptSpans()

    private func tracer(ratio: Double = 1) -> JobTracer {
        JobTracer(ratio: ratio, sink: spans, places: Live(["one": EndpointPlace(host: "one.example", port: 8443)]))
    }

    private func spec(_ trace: TraceContext? = client) -> JobSpec {
        var spec = Samples.spec()
        spec.trace = trace
        return spec
    }

    private func run(_ completer: ScriptedCompleter, _ tracer: JobTracer?) async throws {
        let claim = try await bench.claim()
        await RunOneJob(
            configuration: bench.configuration, completer: completer, audit: bench.audit, settle: bench.settle(),
            events: RunnerEvents(logger: bench.logger), tracer: tracer, now: { [clock = bench.clock] in clock.now },
            isDraining: { false }
        ).run(claim)
    }

    @Test func `a job that is retried by two workers is one trace below its client's span`() async throws {
        let spec = spec()
        try await bench.submit(spec)
        bench.clock.advance(by: .seconds(3))
        let first = ScriptedCompleter(Samples.failed(Samples.failure(), status: 500), .exhausted)
        try await run(first, tracer())
        bench.clock.advance(by: .seconds(60))
        let second = ScriptedCompleter(Samples.answered())
        try await run(second, tracer())

        let all = spans.all
        #expect(all.map(\.name) == ["queue wait", "chat gpt-4o", "chat gpt-4o", "job default"])
        #expect(all.map(\.kind) == [.inside, .client, .client, .consumer])
        #expect(all.allSatisfy { $0.trace == Self.client?.trace })
        let job = try #require(all.last)
        #expect(job.parent == Self.client?.parent && job.state == "a=1")
        #expect(all.dropLast().allSatisfy { $0.parent == job.id })
        #expect(Set(all.map(\.id)).count == 4)
        #expect(job.start == spec.createdAt && job.end == bench.clock.now && !job.hasFailed)
        #expect(all[0].start == spec.createdAt && all[0].end == spec.createdAt + .seconds(3))
        // What the upstream was told is the attempt that it is in.
        let told = (first.seen.prompts.prefix(1) + second.seen.prompts).map(\.trace)
        #expect(told.map { $0?.parent } == [all[1].id, all[2].id])
        #expect(told.allSatisfy { $0?.trace == job.trace && $0?.isSampled == true && $0?.state == "a=1" })
    }

    @Test func `the span of an attempt says what its row does, in the words of OpenTelemetry`() async throws {
        let spec = spec()
        let row = Attempt(
            number: 2, endpoint: "one", region: "eastus", tier: "ptu", worker: "w", startedAt: Samples.start,
            endedAt: Samples.start + .seconds(2), outcome: .retry, statusCode: 503, reason: "server_error",
            delayMilliseconds: 500, billed: .maybe, usage: TokenUsage(promptTokens: 7, completionTokens: 3),
            upstreamRequestID: "up-1")
        let trace = JobTrace(spec, ratio: 1)
        let span = TraceSpan(row, of: spec, trace, at: EndpointPlace(host: "h"), model: "gpt-4o-2024-11-20")
        let said = Dictionary(uniqueKeysWithValues: span.attributes.map { ($0.name, $0.value) })
        #expect(
            said == [
                "gen_ai.operation.name": .text("chat"), "gen_ai.provider.name": .text("azure.ai.openai"),
                "gen_ai.request.model": .text("gpt-4o"), "gen_ai.response.model": .text("gpt-4o-2024-11-20"),
                "gen_ai.usage.input_tokens": .number(7), "gen_ai.usage.output_tokens": .number(3),
                "server.address": .text("h"), "http.response.status_code": .number(503),
                "error.type": .text("server_error"), "sluice.job.id": .text("\(spec.id)"),
                "sluice.queue": .text("default"), "sluice.correlation_id": .text("req-1"),
                "sluice.attempt": .number(2), "sluice.endpoint": .text("one"), "sluice.region": .text("eastus"),
                "sluice.tier": .text("ptu"), "sluice.outcome": .text("retry"), "sluice.reason": .text("server_error"),
                "sluice.delay_ms": .number(500), "sluice.billed": .text("maybe"),
                "sluice.upstream_request_id": .text("up-1"),
            ])
        #expect(span.hasFailed && span.id == trace.attempt(2))
    }

    @Test(
        arguments: [
            (.responses, "chat"), (.embeddings, "embeddings"), (.completions, "text_completion"),
        ] as [(UpstreamPath, String)])
    func `each kind of call has its operation`(path: UpstreamPath, operation: String) {
        let spec = Samples.spec(path: path, model: nil)
        let row = Attempt(
            number: 1, endpoint: "", region: "", tier: "", worker: "", startedAt: Samples.start, endedAt: Samples.start,
            outcome: .completed, billed: .yes)
        let span = TraceSpan(row, of: spec, JobTrace(spec, ratio: 1), at: nil)
        #expect(span.name == operation && span["gen_ai.operation.name"] == .text(operation) && !span.hasFailed)
    }

    @Test func `the model that answered, and where it is, are told`() async throws {
        try await bench.submit(spec())
        let body = Array(#"{"model":"gpt-4o-x","choices":[{"index":0}]}"#.utf8)
        var report = try #require(Samples.report(Samples.answered()))
        report.outcome = .answered(JobResult(statusCode: 200, body: body, endpoint: "one"))
        try await run(ScriptedCompleter(.called(report)), tracer())
        let attempt = try #require(spans.all.first { $0.kind == .client })
        #expect(attempt["gen_ai.response.model"] == .text("gpt-4o-x"))
        #expect(attempt["server.address"] == .text("one.example") && attempt["server.port"] == .number(8443))
    }

    @Test func `no span holds anything of a prompt or an answer`() async throws {
        var spec = Samples.spec(body: #"{"messages":[{"role":"user","content":"the secret question"}]}"#)
        spec.trace = Self.client
        try await bench.submit(spec)
        var report = try #require(Samples.report(Samples.answered()))
        let body = Array(#"{"choices":[{"message":{"content":"the secret answer"}}]}"#.utf8)
        report.outcome = .answered(JobResult(statusCode: 200, body: body, endpoint: "one"))
        try await run(ScriptedCompleter(.called(report)), tracer())
        #expect(spans.all.count == 3 && !"\(spans.all)".contains("secret"))
    }

    @Test func `a client that does not sample is followed, and so is one that does`() async throws {
        var quiet = try #require(Self.client)
        quiet.flags = 0
        try await bench.submit(spec(quiet))
        let completer = ScriptedCompleter(Samples.answered())
        try await run(completer, tracer(ratio: 1))
        #expect(spans.all.isEmpty)
        #expect(completer.seen.prompts.first?.trace?.isSampled == false)
        #expect(completer.seen.prompts.first?.trace?.trace == quiet.trace)
        #expect(JobTrace(spec(), ratio: 0).isSampled)
    }

    @Test func `a job without a client's trace has one of its own, of which the upstream is told`() async throws {
        try await bench.submit(spec(nil))
        let completer = ScriptedCompleter(Samples.answered())
        try await run(completer, tracer())
        #expect(spans.all.count == 3 && spans.all.last?.parent == nil)
        #expect(Set(spans.all.map(\.trace)) == [TraceID(of: Samples.id())])
        #expect(completer.seen.prompts.first?.trace?.trace == TraceID(of: Samples.id()))
    }

    @Test(arguments: [client, nil])
    func `a worker that does not trace passes on what came, and nothing else`(trace: TraceContext?) async throws {
        try await bench.submit(spec(trace))
        let completer = ScriptedCompleter(Samples.answered())
        try await run(completer, nil)
        #expect(completer.seen.prompts.map(\.trace) == [trace])
    }

    @Test func `a job that fails says so, and one that took an answer from the cache made no call`() async throws {
        try await bench.submit(spec())
        let refused = Samples.failure("content_filter", remedy: .giveUp)
        try await run(ScriptedCompleter(Samples.failed(refused, status: 400)), tracer())
        let job = try #require(spans.all.last)
        #expect(
            job.hasFailed && job["sluice.status"] == .text("failed") && job["error.type"] == .text("content_filter"))
        #expect(job["sluice.attempts"] == .number(1))
    }

    @Test func `the call of a worker that died is told by whoever takes its job back, under the name that it went by`()
        async throws
    {
        try await bench.submit(spec())
        let dead = try await bench.claim(worker: "dead")
        bench.clock.advance(by: bench.configuration.lease * 2)
        let request = ClaimRequest(
            partition: 0, worker: "w1", lease: bench.configuration.lease, limit: 0, round: 99_000_000,
            server: try await bench.store.server(0).identity, shares: [QueueShare(queue: "default", jobs: 1)])
        let round = try await bench.store.claim(request)
        tracer().found(round.reclaimed, round.ended, at: bench.clock.now)
        let span = try #require(spans.all.first)
        #expect(spans.all.count == 1 && span["sluice.outcome"] == .text("abandoned") && span.hasFailed)
        #expect(span.trace == Self.client?.trace && span.id == JobTrace(dead.spec, ratio: 1).attempt(1))
    }

    @Test func `a job that expires while it waits is told by the worker that finds it`() async throws {
        var spec = spec()
        spec.deadline = Samples.start + .seconds(1)
        try await bench.submit(spec)
        bench.clock.advance(by: .seconds(2))
        let request = ClaimRequest(
            partition: 0, worker: "w1", lease: bench.configuration.lease, limit: 9, round: 99_000_001,
            server: try await bench.store.server(0).identity, shares: [QueueShare(queue: "default", jobs: 9)])
        let round = try await bench.store.claim(request)
        tracer().found(round.reclaimed, round.ended, at: bench.clock.now)
        let span = try #require(spans.all.first)
        #expect(spans.all.count == 1 && span.name == "job default" && span.parent == Self.client?.parent)
        #expect(span["sluice.status"] == .text("expired") && span["error.type"] == .text("deadline_exceeded"))
        #expect(span.hasFailed && span.end == bench.clock.now)
    }
}
