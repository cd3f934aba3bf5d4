import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import PoolSimulator
import Testing

@Suite struct OutagesOverHTTPTests {
    private static let streamed = SimulatorClient.prompt.replacing("\"model\"", with: "\"stream\":true,\"model\"")

    @Test(arguments: ["/one/openai/models?api-version=2024-10-21", "/one/v1/models", "/one/openai/v1/models"])
    func `a look at the models is counted, costs nothing and is reset in a blackout`(path: String) async throws {
        try await withSimulator { client async throws in
            #expect(try await client.send(.get, path).status == 200)
            #expect(try await client.counts()["looks"] as? Int == 1)
            #expect(try await client.counts()["calls"] as? Int == 0)
            _ = try await client.change("one", "{\"blackout\":true}")
            let error = await #expect(throws: IOError.self) { try await client.send(.get, path) }
            #expect(error?.errnoCode == ECONNRESET)
            #expect(try await client.counts()["looks"] as? Int == 2)
            #expect(try await client.counts()["resets"] as? Int == 0)
        }
    }

    @Test(arguments: ["{\"hang_rate\":1}", "{\"latency_ms\":600000}"], [SimulatorClient.prompt, Self.streamed])
    func `a blackout resets the calls that are under way`(fields: String, body: String) async throws {
        let endpoints = ["one", "two"].map { SimulatedEndpoint(name: $0, region: "eastus") }
        try await withSimulator(endpoints) { client async throws in
            for endpoint in ["one", "two"] { _ = try await client.change(endpoint, fields) }
            let cut = Task { try await client.chat(body: body) }
            let other = Task { try await client.chat("two", body: body) }
            for endpoint in ["one", "two"] { try await client.waitFor("inflight", of: endpoint, toBe: 1) }
            _ = try await client.change("one", "{\"blackout\":true}")
            let error = await #expect(throws: IOError.self) { try await cut.value }
            #expect(error?.errnoCode == ECONNRESET)
            #expect(try await client.counts("one")["resets"] as? Int == 1)
            #expect(try await client.counts("one")["client_aborts"] as? Int == 0)
            #expect(try await client.counts("one")["inflight"] as? Int == 0)
            #expect(try await client.counts("two")["inflight"] as? Int == 1)
            other.cancel()
            _ = try? await other.value
        }
    }

    @Test func `the timeline is played though no call comes, and again after a reset`() async throws {
        let changes = [
            Timeline.Change(at: 1000, endpoint: "one", fields: ["hang_rate": .number(1)]),
            Timeline.Change(at: 600_000_000, endpoint: "one", fields: ["hang_rate": .number(0)]),
        ]
        let one = SimulatedEndpoint(name: "one", region: "eastus")
        try await withSimulator([one], timeline: Timeline(changes)) { client async throws in
            func waitUntilItHangs() async throws {
                let limit = ContinuousClock.now + .seconds(30)
                while try await client.send(.get, "/_sim/endpoints/one", key: nil).object()["hang_rate"] as? Int != 1 {
                    try #require(ContinuousClock.now < limit)
                    try await Task.sleep(for: .milliseconds(2))
                }
            }
            try await waitUntilItHangs()
            _ = try await client.change("one", "{\"hang_rate\":0.5}")
            _ = try await client.send(.post, "/_sim/reset", key: nil)
            try await waitUntilItHangs()
        }
    }

    @Test func `a blackout of the timeline cuts calls as well`() async throws {
        let dark = Timeline.Change(at: 300_000, endpoint: "one", fields: ["blackout": .bool(true)])
        let one = SimulatedEndpoint(name: "one", region: "eastus", behaviour: EndpointBehaviour(hangRate: 1))
        try await withSimulator([one], timeline: Timeline([dark])) { client async throws in
            // Whether the call comes before the blackout or after it, it is reset.
            await #expect(throws: IOError.self) { try await client.chat() }
            #expect(try await client.counts()["resets"] as? Int == 1)
        }
    }

    @Test func `a stream may carry an error before any output, and costs its prompt`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"error_in_stream_rate\":1}")
            let job: HTTPFields = [HTTPField.Name("x-sluice-job-id")!: "j"]
            let reply = try await client.chat(body: Self.streamed, headers: job)
            #expect(reply.status == 200)
            #expect(reply.header("content-type") == "text/event-stream; charset=utf-8")
            #expect(reply.text.hasPrefix("data: {\"error\":{\"code\":\"InternalServerError\""))
            #expect(!reply.text.contains("[DONE]"))
            #expect(try await client.stats()["answered_jobs"] as? Int == 0)
            #expect(try await client.counts()["tokens_used"] as? Int == 5)
            let calls = try await client.send(.get, "/_sim/jobs/j", key: nil).text
            #expect(calls.contains("\"outcome\":\"error_in_stream\""))
            #expect(try await client.chat().status == 200)
        }
    }

    @Test func `the error of a streamed response is an event of its kind`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"error_in_stream_rate\":1}")
            let reply = try await client.send(
                .post, "/one/v1/responses", body: "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true}")
            let lines = reply.text.split(separator: "\n")
            #expect(lines.first == "event: error")
            let data = try #require(lines.last?.dropFirst("data: ".count))
            let event = try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]
            #expect(event?["type"] as? String == "error")
            #expect((event?["error"] as? [String: Any])?["type"] as? String == "server_error")
        }
    }

    @Test func `a wait of a whole day can be asked for, and no longer one`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"throttle_rate\":1,\"retry_after_ms\":86400000}")
            let reply = try await client.chat()
            #expect(reply.header("retry-after-ms") == "86400000")
            #expect(reply.header("retry-after") == "86400")
            #expect(try await client.change("one", "{\"retry_after_ms\":86400001}").status == 400)
        }
    }

    @Test func `a reset starts the meters anew and leaves the bucket as it is`() async throws {
        try await withSimulator { client async throws in
            // One token drains in a minute: the level does not move during the test.
            _ = try await client.change("one", "{\"tokens_per_minute\":1,\"output_weight\":4}")
            _ = try await client.chat()
            _ = try await client.chat()
            let before = try await client.counts()
            #expect(before["tokens_admitted_weighted"] as? Int == 85)
            #expect(before["tokens_used_weighted"] as? Int == 85)
            #expect(before["throttled"] as? Int == 1)
            #expect(before["level"] as? Int == 84 || before["level"] as? Int == 85)
            #expect(before["capacity_tokens"] is Int)
            #expect(before["idle_seconds"] is Double)
            _ = try await client.send(.post, "/_sim/reset", key: nil)
            let after = try await client.counts()
            #expect(after["tokens_admitted_weighted"] as? Int == 0)
            #expect(after["throttled"] as? Int == 0)
            #expect(after["idle_seconds"] as? Double == 0)
            #expect(try #require(after["level"] as? Int) >= 80)
        }
    }
}
