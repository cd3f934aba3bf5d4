import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import PoolSimulator
import Testing

@Suite struct FaultsOverHTTPTests {
    @Test func `fail_next is used up in its order`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"fail_next\":[429,500,503],\"retry_after_ms\":1500}")
            let throttled = try await client.chat()
            #expect(throttled.status == 429)
            #expect(throttled.header("retry-after-ms") == "1500")
            #expect(throttled.header("retry-after") == "2")
            #expect(try throttled.error()["code"] as? String == "429")
            #expect(try await client.chat().status == 500)
            #expect(try await client.chat().status == 503)
            #expect(try await client.chat().status == 200)
        }
    }

    @Test func `a full bucket throttles and says how long`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"tokens_per_minute\":10}")
            let first = try await client.chat()
            #expect(first.status == 200)
            #expect(first.header("x-ratelimit-remaining-tokens") == "0")
            let second = try await client.chat()
            #expect(second.status == 429)
            // 25 tokens were used of the 10; 15 of them drain at one in six seconds.
            let wait = try #require(Int(second.header("retry-after-ms") ?? ""))
            #expect((1...90_001).contains(wait))
            #expect(try await client.counts()["tokens_admitted"] as? Int == 25)
        }
    }

    @Test func `a bucket is charged what the call used, not what it might have used`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"tokens_per_minute\":1000000000,\"answer_bytes\":4}")
            _ = try await client.chat()
            #expect(try await client.counts()["tokens_admitted"] as? Int == 25)
            #expect(try await client.counts()["tokens_used"] as? Int == 6)
        }
    }

    @Test func `a hanging call ends when its client goes away, and is counted as aborted`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"hang_rate\":1}")
            let caller = TestClient(host: "127.0.0.1", port: client.port)
            caller.connect()
            try await caller.executeAndDontWaitForResponse(.chat)
            try await client.waitFor("hangs", toBe: 1)
            #expect(try await client.counts()["inflight"] as? Int == 1)
            try await caller.shutdown()
            try await client.waitFor("client_aborts", toBe: 1)
            #expect(try await client.counts()["inflight"] as? Int == 0)
        }
    }

    @Test(arguments: [false, true])
    func `a client that leaves during the delay is counted as aborted`(streaming: Bool) async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"latency_ms\":600000}")
            let caller = TestClient(host: "127.0.0.1", port: client.port)
            caller.connect()
            try await caller.executeAndDontWaitForResponse(streaming ? .streamingChat : .chat)
            try await client.waitFor("inflight", toBe: 1)
            try await caller.shutdown()
            try await client.waitFor("client_aborts", toBe: 1)
            #expect(try await client.counts()["inflight"] as? Int == 0)
        }
    }

    @Test(arguments: ["{\"reset_rate\":1}", "{\"blackout\":true}"])
    func `a reset reaches the client as a reset, not as an end`(fields: String) async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", fields)
            let error = await #expect(throws: IOError.self) { _ = try await client.chat() }
            #expect(error?.errnoCode == ECONNRESET)
            #expect(try await client.counts()["resets"] as? Int == 1)
            #expect(try await client.counts()["inflight"] as? Int == 0)
        }
    }

    @Test func `garbage is a 200 that is not JSON`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"garbage_rate\":1}")
            let reply = try await client.chat(headers: [.init("x-sluice-job-id")!: "job_1"])
            #expect(reply.status == 200)
            #expect(throws: (any Error).self) { try reply.object() }
            #expect(try await client.stats()["answered_jobs"] as? Int == 0)
        }
    }

    @Test(arguments: ["", "\"stream\":true,"])
    func `a truncated answer ends in the middle`(stream: String) async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"truncate_rate\":1}")
            let body = SimulatorClient.prompt.replacing("\"model\"", with: "\(stream)\"model\"")
            await #expect(throws: (any Error).self) { try await client.chat(body: body) }
            try await client.waitFor("inflight", toBe: 0)
            #expect(try await client.counts()["by_status"] as? [String: Int] == ["200": 1])
        }
    }
}
