import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct FollowJobTests {
    private struct Event {
        var name = ""
        var id = ""
        var data = ""

        var json: JSONObject? { try? JSONObject(parsing: Array(data.utf8)) }
    }

    private func events(_ text: String) -> [Event] {
        text.split(separator: "\n\n").map { block in
            var event = Event()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("id: ") { event.id = String(line.dropFirst(4)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            return event
        }
    }

    @Test func `the states of a job are told, the last one ends the stream`() async throws {
        let store = makeStore()
        let log = WatchedLog(store)
        try await withRoutes(store: store, log: log) { client in
            let id = try #require(try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string)
            async let response = client.get("/v1/jobs/\(id)/events")
            try await log.wasTold(.queued)
            let worker = try await Worker.holding(store)
            try await log.wasTold(.inProgress)
            try await store.complete(worker.claim, body: "{\n\"pretty\": 1\n}")
            let events = events(try await response.text)
            #expect(events.map(\.name) == ["job", "job", "job"])
            #expect(events.map { $0.json?["status"]?.string } == ["queued", "in_progress", "completed"])
            #expect(events.last?.json?["result"]?.object?["body"]?.object?["pretty"]?.int == 1)
            #expect(events.map(\.id) == ["0", "0", "0"])
        }
    }

    @Test func `a streamed job tells its pieces too, and who comes back goes on from there`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let submitted = try await client.submit(#"{"body":{"stream":true}}"#)
            let id = try #require(try submitted.json["id"]?.string)
            let worker = try await Worker.holding(store)
            try await worker.log("data: half\n\n", at: 0)
            try await worker.log("data: \"whole\"\n\n", at: 0, attempt: 2, isEnd: true)
            try await store.complete(worker.claim)
            let all = events(try await client.get("/v1/jobs/\(id)/events").text)
            #expect(all.map(\.name) == ["delta", "restart", "delta", "job"])
            #expect(all.map(\.id) == ["1", "2", "3", "4"])
            #expect(all[0].json?["data"]?.string == "data: half\n\n")
            #expect(all[1].json?["attempt"]?.int == 2)
            #expect(all[2].json?["data"]?.string == "data: \"whole\"\n\n")
            let rest = events(try await client.get("/v1/jobs/\(id)/events?starting_after=2").text)
            #expect(rest.map(\.name) == ["delta", "job"])
            let last = try await client.get("/v1/jobs/\(id)/events", headers: [.lastEventID: "3"])
            #expect(events(last.text).map(\.name) == ["job"])
        }
    }

    @Test func `who asks for no job of theirs gets a 404, and a nonsense id is refused`() async throws {
        try await withRoutes { client in
            #expect(try await client.get("/v1/jobs/\(Samples.id(5))/events").status == .notFound)
            let id = try #require(try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string)
            let response = try await client.get("/v1/jobs/\(id)/events?starting_after=x")
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == "starting_after")
        }
    }
}
