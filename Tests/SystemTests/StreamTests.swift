import Curl
import Foundation
import JobFlow
import Testing

/// Streams through the whole program.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct StreamTests {
    private static let ask = #""stream":true,"messages":[{"role":"user","content":"Tell me of rivers"}]"#

    @Test func `a streamed chat comes as the endpoint sends it, and its job has a whole answer`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":600}"#)
            let stream = try await stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#)
            #expect(stream.response.status == 200)
            #expect(stream.text.hasSuffix("data: [DONE]\n\n"))
            #expect(!stream.text.contains(#""usage":{"#), "the client did not ask for it")
            #expect(stream.pieces.count > 3)
            let first = try #require(stream.pieces.first), last = try #require(stream.pieces.last)
            #expect(last.at - first.at > .milliseconds(200), "the pieces came one by one")
            let id = try #require(stream.response.headers["x-sluice-job-id"])
            let job = try await stack.ended(id)
            #expect(job["status"]?.string == "completed")
            #expect((job["usage"]?.object?["completion_tokens"]?.int ?? 0) > 0)
            let body = try #require(job["result"]?.object?["body"]?.object)
            #expect(body["object"]?.string == "chat.completion")
            let content = body["choices"]?.array?.first?.object?["message"]?.object?["content"]?.string
            #expect(content == stream.content && content?.isEmpty == false)
        }
    }

    @Test func `a response that is streamed as a job ends with its last event's object`() async throws {
        try await Stack.with { stack in
            let submitted = try await stack.post(
                stack.intake + "/v1/jobs",
                #"{"url":"/v1/responses","body":{"model":"gpt-4o","input":"Hi","stream":true}}"#)
            let id = try #require(try JSONObject(parsing: submitted.body)["id"]?.string)
            let events = try await stack.events(id)
            #expect(events.last?.name == "job" && events.last?.json?["status"]?.string == "completed")
            let text = events.filter { $0.name == "delta" }.compactMap { $0.json?["data"]?.string }.joined()
            #expect(text.hasPrefix("event: response.created\n") && text.contains("event: response.completed\n"))
            let body = events.last?.json?["result"]?.object?["body"]?.object
            #expect(body?["object"]?.string == "response" && body?["status"]?.string == "completed")
        }
    }

    @Test func `errors before the first piece cost the client nothing but time`() async throws {
        try await Stack.with(["retry.base_delay=50ms", "retry.max_attempts=20"]) { stack in
            try await stack.behave(#"{"latency_ms":20,"error_in_stream_rate":0.5}"#)
            for _ in 1...10 {
                let stream = try await stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#)
                #expect(stream.response.status == 200 && stream.text.hasSuffix("data: [DONE]\n\n"))
                #expect(!stream.text.contains("error"))
            }
            #expect(try await stack.count { $0["calls"]?.int } > 10)
        }
    }

    @Test func `a stream that breaks off is told, and the job answers anew`() async throws {
        try await Stack.with(["retry.base_delay=300ms"]) { stack in
            try await stack.behave(#"{"latency_ms":300,"truncate_rate":1}"#)
            async let streamed = stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#)
            try await eventually("a call has begun") { try await stack.statistics()["calls"]?.int ?? 0 > 0 }
            try await stack.behave(#"{"latency_ms":100,"truncate_rate":0}"#)
            let stream = try await streamed
            #expect(stream.text.contains(#""code":"stream_restarted""#) && !stream.text.contains("[DONE]"))
            let id = try #require(stream.response.headers["x-sluice-job-id"])
            #expect(try await stack.ended(id)["status"]?.string == "completed")
            let ledger = try await stack.ledger(id)
            #expect(ledger.first?.reason == "stream_broken" && ledger.first?.billed == .maybe)
            let events = try await stack.events(id)
            #expect(events.contains { $0.name == "restart" })
            #expect(events.whole.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test func `a worker killed in the middle of a stream: who reads on sees the restart and all of the second answer`()
        async throws
    {
        try await Stack.with(["worker.lease=5s"]) { stack in
            try await stack.behave(#"{"latency_ms":3000}"#)
            let began = BegunJob()
            async let streamed = stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#) { began.id = $0 }
            try await eventually("the stream has begun") { began.id != nil }
            // Whichever holds it.
            for worker in stack.workers() { kill(worker, SIGKILL) }
            let stream = try await streamed
            #expect(stream.text.contains(#""code":"stream_restarted""#) && !stream.text.contains("[DONE]"))
            let id = try #require(began.id)
            let events = try await stack.events(id)
            #expect(events.filter { $0.name == "restart" }.count == 1)
            #expect(events.last?.json?["status"]?.string == "completed")
            #expect(events.whole.hasSuffix("data: [DONE]\n\n"))
            let choices = events.last?.json?["result"]?.object?["body"]?.object?["choices"]?.array
            let content = choices?.first?.object?["message"]?.object?["content"]?.string
            #expect(content == StreamedText.content(events.whole))
            let ledger = try await stack.ledger(id)
            #expect(ledger.map(\.outcome) == [.abandoned, .completed])
        }
    }

    @Test func `a stream goes on at another intake when the first is killed`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":2500}"#)
            let began = BegunJob()
            async let streamed: Void = {
                _ = try? await stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#) { began.id = $0 }
            }()
            try await eventually("the stream has begun") { began.id != nil }
            let intake = try #require(Stack.children(of: stack.up.pid, command: "intake").first)
            kill(intake, SIGKILL)
            await streamed
            try await eventually("another intake listens") { stack.up.addresses("intake").count >= 2 }
            let id = try #require(began.id)
            let url = "http://" + (stack.up.addresses("intake").last ?? "")
            try await eventually("it serves") { (try? await stack.get(url + "/health").status) == 200 }
            let events = try await stack.events(id, at: url)
            #expect(!events.contains { $0.name == "restart" })
            #expect(events.whole.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test func `a stream goes on when redis was away in its middle`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":3000}"#)
            let began = BegunJob()
            async let streamed = stack.stream(#"{"model":"gpt-4o",\#(Self.ask)}"#) { began.id = $0 }
            try await eventually("the stream has begun") { began.id != nil }
            let redis = try stack.redis()
            kill(redis, SIGSTOP)
            try await Task.sleep(for: .seconds(1.5))
            kill(redis, SIGCONT)
            let stream = try await streamed
            #expect(stream.text.hasSuffix("data: [DONE]\n\n"))
            let job = try await stack.ended(try #require(began.id))
            let choices = job["result"]?.object?["body"]?.object?["choices"]?.array
            #expect(choices?.first?.object?["message"]?.object?["content"]?.string == stream.content)
        }
    }

    @Test func `a client that leaves takes its job along only if it said so`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":3000}"#)
            for (header, state) in [("true", "cancelled"), ("false", "completed")] {
                let began = BegunJob()
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        _ = try? await stack.stream(
                            #"{"model":"gpt-4o",\#(Self.ask)}"#, cancelsOnDisconnect: header
                        ) { began.id = $0 }
                    }
                    try? await eventually("the stream has begun") { began.id != nil }
                    group.cancelAll()
                }
                let id = try #require(began.id)
                #expect(try await stack.ended(id)["status"]?.string == state)
            }
        }
    }

    @Test func `the first piece comes hardly later than the endpoint sends it`() async throws {
        try await Stack.with { stack in
            let body = #"{"model":"gpt-4o",\#(Self.ask)}"#
            let through = try await Self.firstPieces { try await stack.stream(body) }
            let direct = try await Self.firstPieces {
                let path = "/eastus-ptu/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"
                return try await stack.stream(body, at: stack.simulator + path)
            }
            print("time to the first piece, p50 and worst of 30: direct \(direct), through the program \(through)")
            #expect(through[0] - direct[0] < .milliseconds(500))
        }
    }

    private static func firstPieces(_ stream: () async throws -> StreamedText) async throws -> [Duration] {
        var took: [Duration] = []
        for _ in 1...30 {
            let start = ContinuousClock.now
            took.append(try #require(try await stream().pieces.first).at - start)
        }
        took.sort()
        return [took[15], took[29]]
    }
}
