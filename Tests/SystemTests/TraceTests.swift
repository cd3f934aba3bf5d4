import Curl
import Foundation
import JobFlow
import NIOHTTP1
import TestKit
import Testing

/// A job's trace across real processes: intake, workers that are killed, an upstream and a collector.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct TraceTests {
    private static let client = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// The first call fails, the second never ends, and the third is answered.
    @Sendable private static func answer(_ number: Int) -> (status: Int, body: String)? {
        switch number {
        case 1: (500, #"{"error":{"message":"no","code":"server_error"}}"#)
        case 2: nil
        default: (200, #"{"model":"gpt-4o-x","choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}"#)
        }
    }

    @Test func `a job that outlives two workers is one trace, below its client's span and above its upstream's`()
        async throws
    {
        try await RecordingServer.run({ _ in (200, "{}") }) { collector, collectorURL in
            try await RecordingServer.run(Self.answer) { upstream, upstreamURL in
                try await withFolder { folder in
                    let redis = try await TracedFleet.redis(in: folder)
                    try redis.configuration(collector: collectorURL, upstream: upstreamURL)
                        .write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
                    try await live(folder, collector, upstream)
                    redis.process.signal(SIGKILL)
                }
                try check(spans(collector), upstream)
                #expect(collector.requests.allSatisfy { $0.headers["api-key"] == ["geheim"] })
            }
        }
    }

    private func live(_ folder: URL, _ collector: RecordingServer, _ upstream: RecordingServer) async throws {
        let curl = try CurlClient()
        let intake = try SluiceProcess(["intake", "--listen", "127.0.0.1:0"], in: folder, log: "intake.log")
        try await eventually("the intake listens") { !intake.addresses("intake").isEmpty }
        let url = "http://" + intake.addresses("intake")[0]
        try await eventually("the intake is healthy") {
            try await curl.send(CurlRequest(method: "GET", url: url + "/health")).status == 200
        }
        let job = try await submit(curl, url, queue: "default")
        let unwanted = try await submit(curl, url, queue: "batch")
        #expect(try await curl.send(CurlRequest(url: unwanted + "/cancel", body: [])).status == 200)

        // The first worker tells of its call, and is killed while the job waits.
        let first = try SluiceProcess(["worker"], in: folder, log: "first.log")
        try await eventually("the first call is told of") { spans(collector).contains { $0["kind"]?.int == 3 } }
        first.signal(SIGKILL)
        // The second is killed in the middle of its call.
        let second = try SluiceProcess(["worker"], in: folder, log: "second.log")
        try await eventually("the second call is under way") { upstream.requests.count == 2 }
        second.signal(SIGKILL)
        let third = try SluiceProcess(["worker"], in: folder, log: "third.log")
        try await eventually("the job has completed") {
            let answer = try await curl.send(CurlRequest(method: "GET", url: job + "?wait=10", timeout: .seconds(30)))
            return try JSONObject(parsing: answer.body)["status"]?.string == "completed"
        }
        // What is not sent yet is sent at the end.
        for process in [third, intake] {
            process.signal(SIGTERM)
            #expect(try await process.exit() == 0)
        }
        curl.shutdown()
    }

    /// Returns where to poll.
    private func submit(_ curl: CurlClient, _ url: String, queue: String) async throws -> String {
        let submitted = try await curl.send(
            CurlRequest(
                url: url + "/v1/jobs", headers: [("content-type", "application/json"), ("traceparent", Self.client)],
                body: Array(#"{"prompt":"the secret question","model":"gpt-4o","queue":"\#(queue)"}"#.utf8)))
        return url + (try #require(submitted.headers["location"]))
    }

    private func check(_ spans: [JSONObject], _ upstream: RecordingServer) throws {
        let client = try #require(TraceContext(traceparent: Self.client))
        #expect(spans.allSatisfy { $0["traceId"]?.string == client.trace.hex })
        let job = try #require(spans.first { $0["name"]?.string == "job default" })
        let requests = spans.filter { $0["kind"]?.int == 2 }
        #expect(requests.map { $0["name"]?.string } == ["POST /v1/jobs", "POST /v1/jobs"])
        #expect(requests.allSatisfy { $0["parentSpanId"]?.string == client.parent.hex })
        let request = requests.first { attribute("sluice.job.id", of: $0) == attribute("sluice.job.id", of: job) }
        #expect(request != nil && job["parentSpanId"]?.string == request?["spanId"]?.string)
        // Nobody ran it, and still its trace does not end with the submission.
        let unwanted = try #require(spans.first { $0["name"]?.string == "job batch" })
        #expect(attribute("sluice.status", of: unwanted) == "cancelled")
        #expect(requests.contains { $0["spanId"]?.string == unwanted["parentSpanId"]?.string })
        let calls = spans.filter { $0["kind"]?.int == 3 }
        #expect(calls.allSatisfy { $0["parentSpanId"]?.string == job["spanId"]?.string })
        #expect(spans.filter { $0["name"]?.string == "queue wait" }.count == 1)
        #expect(calls.compactMap { attribute("sluice.outcome", of: $0) } == ["retry", "abandoned", "completed"])
        #expect(calls.compactMap { attribute("sluice.attempt", of: $0) } == ["1", "2", "3"])
        #expect(attribute("gen_ai.response.model", of: calls[2]) == "gpt-4o-x")
        #expect(attribute("server.address", of: calls[0]) == "127.0.0.1")
        // Each call told the upstream the span that it is in.
        let told = upstream.requests.flatMap { $0.headers["traceparent"] }
        #expect(told == calls.map { "00-\(client.trace.hex)-\($0["spanId"]?.string ?? "")-01" })
        #expect(spans.allSatisfy { !String(decoding: $0.raw, as: UTF8.self).contains("secret") })
    }

    private func attribute(_ name: String, of span: JSONObject) -> String? {
        let all = (span["attributes"]?.array ?? []).compactMap(\.object)
        let value = all.first { $0["key"]?.string == name }?["value"]?.object
        return value?["stringValue"]?.string ?? value?["intValue"]?.string
    }

    private func spans(_ collector: RecordingServer) -> [JSONObject] {
        collector.requests.filter { $0.uri == "/v1/traces" }.flatMap { request in
            let resource = try? JSONObject(parsing: request.body)["resourceSpans"]?.array?.first?.object
            let scope = resource?["scopeSpans"]?.array?.first?.object
            return (scope?["spans"]?.array ?? []).compactMap(\.object)
        }
    }
}

/// A Redis for one fleet, and what that fleet is told.
private struct TracedFleet {
    let process: SluiceProcess
    private let port: Int

    static func redis(in folder: URL) async throws -> TracedFleet {
        let port = try freePort()
        let process = try SluiceProcess(
            ["--port", "\(port)", "--bind", "127.0.0.1", "--save", ""], in: folder, log: "redis.log",
            executable: "/usr/bin/redis-server")
        return TracedFleet(process: process, port: port)
    }

    func configuration(collector: String, upstream: String) -> String {
        """
        {"redis":{"url":"redis://127.0.0.1:\(port)/0"},"audit":{"path":"audit.sqlite"},
         "worker":{"listen":"127.0.0.1:0","lease":"2s"},"retry":{"base_delay":"10s"},
         "telemetry":{"otlp_endpoint":"\(collector)","otlp_headers":"api-key=geheim"},
         "pool":{"endpoints":[{"name":"one","url":"\(upstream)","deployment":"gpt-4o","model":"gpt-4o",
                               "api_version":"2024-10-21","region":"eastus","api_key":"k"}]}}
        """
    }
}
