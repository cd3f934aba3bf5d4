import Foundation
import HTTPTypes
import PoolSimulator
import Testing

@Suite struct AdminOverHTTPTests {
    private func headers(job: String, attempt: Int) -> HTTPFields {
        [
            HTTPField.Name("x-sluice-job-id")!: job, HTTPField.Name("x-sluice-attempt")!: "\(attempt)",
            HTTPField.Name("x-request-id")!: "corr",
        ]
    }

    @Test func `a change keeps the other fields and is read back`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"latency_ms\":5,\"tokens_per_minute\":9}")
            let changed = try await client.change("one", "{\"tokens_per_minute\":null,\"fail_next\":[500]}").object()
            #expect(changed["latency_ms"] as? Int == 5)
            #expect(changed["tokens_per_minute"] is NSNull)
            let read = try await client.send(.get, "/_sim/endpoints/one", key: nil).object()
            #expect(read["fail_next"] as? [Int] == [500])
            #expect(read.count == 24)
        }
    }

    @Test func `an unknown or impossible field is named, and nothing is changed`() async throws {
        try await withSimulator { client async throws in
            let unknown = try await client.change("one", "{\"latency_ms\":5,\"latencyms\":5}")
            #expect(unknown.status == 400)
            #expect(try unknown.error()["param"] as? String == "latencyms")
            let message = try #require(try unknown.error()["message"] as? String)
            #expect(message.contains("latency_ms, ms_per_token"))
            let impossible = try await client.change("one", "{\"latency_ms\":5,\"jitter\":2}")
            #expect(impossible.status == 400)
            #expect(try impossible.error()["message"] as? String == "jitter: a number from 0.0 to 1.0 is allowed")
            #expect(try await client.change("one", "nonsense").status == 400)
            #expect(try await client.change("two", "{}").status == 404)
            #expect(try await client.send(.get, "/_sim/other", key: nil).status == 404)
            let read = try await client.send(.get, "/_sim/endpoints/one", key: nil).object()
            #expect(read["latency_ms"] as? Int == 0)
        }
    }

    @Test func `the calls of a job are kept, and a second answer is a duplicate`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"fail_next\":[503]}")
            for attempt in 1...3 { _ = try await client.chat(headers: headers(job: "job_1", attempt: attempt)) }
            _ = try await client.chat(headers: headers(job: "job_2", attempt: 1))
            let text = try await client.send(.get, "/_sim/jobs/job_1", key: nil).text
            let calls = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
            #expect(calls.map { $0["status"] as? Int } == [503, 200, 200])
            #expect(calls.map { $0["attempt"] as? String } == ["1", "2", "3"])
            #expect(
                calls.allSatisfy { $0["endpoint"] as? String == "one" && $0["correlation_id"] as? String == "corr" })
            let stats = try await client.stats()
            #expect(stats["answered_jobs"] as? Int == 2)
            #expect(stats["duplicates"] as? Int == 1)
            #expect(try await client.counts()["by_status"] as? [String: Int] == ["200": 3, "503": 1])
            #expect(try await client.counts()["by_deployment"] as? [String: Int] == ["gpt-4o": 4])
        }
    }

    @Test func `all calls are listed, each with the request id that its client was told`() async throws {
        try await withSimulator { client async throws in
            var told: [String?] = []
            for job in ["job_1", "job_2", "job_1"] {
                told.append(try await client.chat(headers: headers(job: job, attempt: 1)).header("apim-request-id"))
            }
            _ = try await client.chat()
            let text = try await client.send(.get, "/_sim/calls", key: nil).text
            let calls = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
            #expect(calls.map { $0["job"] as? String } == ["job_1", "job_2", "job_1"])
            #expect(calls.map { $0["apim_request_id"] as? String } == told)
            #expect(calls.allSatisfy { $0["outcome"] as? String == "answered" })
        }
    }

    @Test func `calls at the same time are seen as such, and a reset forgets all but them`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"hang_rate\":1}")
            try await withThrowingTaskGroup { group in
                for _ in 0..<5 { group.addTask { _ = try? await client.chat(headers: headers(job: "j", attempt: 1)) } }
                try await client.waitFor("peak_inflight", toBe: 5)
                _ = try await client.send(.post, "/_sim/reset", key: nil)
                #expect(try await client.counts()["calls"] as? Int == 0)
                #expect(try await client.counts()["inflight"] as? Int == 5)
                #expect(try await client.send(.get, "/_sim/jobs/j", key: nil).text == "[]")
                _ = try await client.change("one", "{\"hang_rate\":0}")
                #expect(try await client.chat().status == 200)
                #expect(try await client.stats()["calls"] as? Int == 1)
                group.cancelAll()
            }
            try await client.waitFor("inflight", toBe: 0)
        }
    }

    @Test func `every field is in the documentation`() async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let page = root.deletingLastPathComponent().appending(path: "docs/simulator.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        try await withSimulator { client async throws in
            let fields = try await client.send(.get, "/_sim/endpoints/one", key: nil).object()
            #expect(fields.keys.sorted().filter { !text.contains("`\($0)`") } == [])
        }
    }
}
