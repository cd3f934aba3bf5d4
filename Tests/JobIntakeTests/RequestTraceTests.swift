import HTTPTypes
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// The span of a request that submits work, and where its jobs are then.
@Suite struct RequestTraceTests {
    private static let client = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let job = #"{"prompt":"the secret question","model":"gpt-4o"}"#

    private let store = makeStore()
    private let spans = KeptSpans()

    private func tracer(ratio: Double = 1) -> IntakeTracer {
        IntakeTracer(ratio: ratio, sink: spans, now: { noon })
    }

    private func headers(_ trace: String? = client) -> HTTPFields {
        var headers: HTTPFields = [.contentType: "application/json", .requestID: "req-1"]
        headers[.traceContext] = trace
        return headers
    }

    @Test func `a submission is a span below its client's, and its job is below that`() async throws {
        var headers = headers()
        headers[.traceState] = "a=1"
        let id = try await withRoutes(store: store, tracer: tracer()) { [headers] client in
            try await client.submit(Self.job, headers: headers).json["id"]?.string
        }
        let span = try #require(spans.all.first)
        let client = try #require(TraceContext(traceparent: Self.client))
        #expect(spans.all.count == 1 && span.kind == .server && span.name == "POST /v1/jobs")
        #expect(span.trace == client.trace && span.parent == client.parent && span.state == "a=1" && !span.hasFailed)
        let said = Dictionary(uniqueKeysWithValues: span.attributes.map { ($0.name, $0.value) })
        #expect(
            said == [
                "http.request.method": .text("POST"), "http.route": .text("/v1/jobs"),
                "http.response.status_code": .number(202), "url.path": .text("/v1/jobs"), "url.scheme": .text("http"),
                "sluice.job.id": .text(try #require(id)), "sluice.correlation_id": .text("req-1"),
            ])
        let trace = try #require(try await store.claimAll().first?.spec.trace)
        #expect(trace.parent == span.id && trace.trace == client.trace && trace.isSampled && trace.state == "a=1")
    }

    @Test func `a client that samples nothing is followed, and its job is below its own span`() async throws {
        let quiet = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            #expect(try await client.submit(Self.job, headers: headers(quiet)).status == .accepted)
        }
        #expect(spans.all.isEmpty)
        #expect(try await store.claimAll().map(\.spec.trace) == [TraceContext(traceparent: quiet)])
    }

    @Test func `without a client's trace it is the job's own, and all who know the job agree on whether it is kept`()
        async throws
    {
        try await withRoutes(store: store, tracer: tracer(ratio: 0.5)) { client in
            for number in 0..<40 {
                _ = try await client.submit(#"{"prompt":"\#(number)","model":"gpt-4o"}"#, headers: headers(nil))
            }
        }
        let jobs = try await store.claimAll().map(\.spec)
        let kept = jobs.filter { JobTrace($0, ratio: 0.5).isSampled }
        #expect(jobs.count == 40 && 1...39 ~= kept.count)
        #expect(jobs.allSatisfy { ($0.trace != nil) == TraceID(of: $0.id).isSampled(0.5) })
        #expect(kept.allSatisfy { $0.trace?.trace == TraceID(of: $0.id) })
        #expect(Set(spans.all.map(\.trace)) == Set(kept.map { TraceID(of: $0.id) }))
        #expect(Set(spans.all.map(\.id)) == Set(kept.compactMap(\.trace?.parent)))
        #expect(spans.all.allSatisfy { $0.parent == nil })
    }

    @Test func `a batch of a client's trace is one tree; of another one, each line has a trace of its own`()
        async throws
    {
        let lines = #"{"prompt":"a","model":"gpt-4o"}"# + "\n" + #"{"prompt":"b","model":"gpt-4o"}"#
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            for (trace, lines) in [(Self.client, lines), (nil, lines.replacing("gpt-4o", with: "gpt-4o-mini"))] {
                var headers = headers(trace)
                headers[.contentType] = "application/x-ndjson"
                #expect(try await client.post("/v1/jobs/batch", headers: headers, body: lines).status == .ok)
            }
        }
        let jobs = try await store.claimAll().map(\.spec)
        let (first, second) = (spans.all[0], spans.all[1])
        #expect(jobs.count == 4 && spans.all.map(\.name) == ["POST /v1/jobs/batch", "POST /v1/jobs/batch"])
        #expect(jobs.compactMap(\.trace?.parent) == [first.id, first.id])
        #expect(first["sluice.batch.id"] == jobs.first { $0.trace != nil }?.id.batch.map { .text("\($0)") })
        #expect(second.parent == nil && second.trace != first.trace)
    }

    @Test func `lines of a file are below the request that made their batch, also those that are cancelled with it`()
        async throws
    {
        try await withFiles(store: store, tracer: tracer()) { client, files in
            let id = try await client.batch(batchLines(3), headers: headers())
            _ = try await client.batch(id, is: "in_progress")
            let kept = try #require(BatchID(id).flatMap { files.rack.find($0) })
            #expect(kept.trace?.parent == spans.all.first?.id)
            // A batch is in progress before its first job is.
            try await eventually { try await store.list(JobPage(state: .queued)).jobs.count == 3 }
            #expect(try await client.post("/v1/batches/\(id)/cancel").status == .ok)
            _ = try await client.batch(id, is: "cancelled")
            #expect(spans.all.first?["sluice.batch.id"] == .text(id))
        }
        let request = try #require(spans.all.first)
        #expect(spans.all.map(\.name) == ["POST /v1/batches", "job batch", "job batch", "job batch"])
        #expect(spans.all.dropFirst().allSatisfy { $0.parent == request.id && $0.trace == request.trace })
        #expect(spans.all.dropFirst().allSatisfy { $0["sluice.status"] == .text("cancelled") })
    }

    @Test func `OpenAI's routes are traced under the spelling that was asked for`() async throws {
        let body = #"{"model":"gpt-4o","input":"hello","background":true}"#
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            #expect(try await client.post("/openai/v1/responses", headers: headers(), body: body).status == .ok)
        }
        #expect(spans.all.map(\.name) == ["POST /openai/v1/responses"])
        #expect(try await store.claimAll().map(\.spec.trace?.parent) == spans.all.map(\.id))
    }

    @Test func `a request that is refused is a span too, and has failed only where the server has`() async throws {
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            #expect(try await client.submit("{", headers: headers()).status == .badRequest)
        }
        let span = try #require(spans.all.first)
        #expect(!span.hasFailed && span["http.response.status_code"] == .number(400) && span["error.type"] == nil)
        #expect(span["sluice.job.id"] == nil)
        let request = AnsweredRequest(method: "POST", route: "/v1/jobs", path: "/", correlationID: "r", status: 503)
        let trace = RequestTrace(below: nil, ratio: 1, at: noon)
        #expect(trace.span(request, until: noon)?["error.type"] == .text("503"))
        trace.failed("spool_full")
        let failed = try #require(trace.span(request, until: noon))
        #expect(failed.hasFailed && failed["error.type"] == .text("spool_full"))
    }

    @Test func `what makes no job, and an intake that does not trace, has no span`() async throws {
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            _ = try await client.get("/v1/jobs/job_0_01arz3ndektsv4rrffq69g5fav", headers: headers())
            _ = try await client.get("/health")
        }
        #expect(spans.all.isEmpty)
        try await withRoutes(store: store) { client async throws in
            #expect(try await client.submit(Self.job, headers: headers()).status == .accepted)
        }
        #expect(try await store.claimAll().map(\.spec.trace) == [TraceContext(traceparent: Self.client)])
    }

    @Test func `a job that is cancelled while it waits has its span, once`() async throws {
        try await withRoutes(store: store, tracer: tracer()) { client async throws in
            let id = try #require(try await client.submit(Self.job, headers: headers()).json["id"]?.string)
            for _ in 1...2 { #expect(try await client.post("/v1/jobs/\(id)/cancel").status == .ok) }
        }
        let (request, job) = (try #require(spans.all.first), try #require(spans.all.last))
        #expect(spans.all.count == 2 && job.name == "job default" && job.kind == .consumer)
        #expect(job.trace == request.trace && job.parent == request.id && !job.hasFailed)
        #expect(job["sluice.status"] == .text("cancelled") && job["sluice.attempts"] == .number(0))
        #expect(!"\(spans.all)".contains("secret"))
    }

    @Test func `of a job that is cancelled while it runs, its worker tells`() async throws {
        try await withRoutes(store: store, tracer: tracer()) { [store] client async throws in
            let id = try #require(try await client.submit(Self.job, headers: headers()).json["id"]?.string)
            _ = try await store.claimAll()
            #expect(try await client.post("/v1/jobs/\(id)/cancel").status == .ok)
        }
        #expect(spans.all.map(\.kind) == [.server])
    }
}
