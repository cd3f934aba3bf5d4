import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@Suite(.timeLimit(.minutes(5))) struct QueueRoutesTests {
    private let clock = ManualWallClock(noon)

    @Test func `every queue is counted`() async throws {
        let store = InMemoryJobStore(now: { [clock] in clock.now })
        try await withRoutes(store: store) { [clock] client in
            _ = try await client.submit(#"{"prompt":"a","queue":"batch"}"#)
            try await store.fail(try #require(try await store.claimAll().first))
            for _ in 0..<2 { _ = try await client.submit(#"{"prompt":"a"}"#) }
            clock.advance(by: .milliseconds(2500))
            let response = try await client.get("/v1/queues")
            #expect(response.status == .ok)
            #expect(
                response.text == """
                    {"object":"list","data":[\
                    {"name":"interactive","object":"queue","is_paused":false,"oldest_age_seconds":0,\
                    "jobs":{"queued":0,"scheduled":0,"in_progress":0,"failed":0}},\
                    {"name":"default","object":"queue","is_paused":false,"oldest_age_seconds":2.500,\
                    "jobs":{"queued":2,"scheduled":0,"in_progress":0,"failed":0}},\
                    {"name":"batch","object":"queue","is_paused":false,"oldest_age_seconds":0,\
                    "jobs":{"queued":0,"scheduled":0,"in_progress":0,"failed":1}}]}
                    """)
        }
    }

    @Test func `a paused queue keeps its jobs until it is resumed`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            _ = try await client.submit(#"{"prompt":"a"}"#)
            for _ in 0..<2 {
                let paused = try await client.post("/v1/queues/default/pause")
                #expect(paused.status == .ok)
                #expect(try paused.json["name"]?.string == "default")
                #expect(try paused.json["is_paused"]?.bool == true)
            }
            #expect(try await client.submit(#"{"prompt":"b"}"#).status == .accepted)
            #expect(try await store.claimAll().isEmpty)
            let resumed = try await client.post("/v1/queues/default/resume")
            #expect(try resumed.json["is_paused"]?.bool == false)
            #expect(try await store.claimAll().count == 2)
        }
    }

    @Test(arguments: ["pause", "resume"]) func `an unknown queue is a 404 that names the others`(verb: String)
        async throws
    {
        try await withRoutes { client in
            let response = try await client.post("/v1/queues/nowhere/\(verb)")
            #expect(response.status == .notFound)
            #expect(response.problem?["code"]?.string == "queue_not_found")
            #expect(response.problem?["message"]?.string?.contains("interactive, default, batch") == true)
        }
    }

    @Test func `queues that cannot be reached are a 503`() async throws {
        let base = makeStore()
        let (store, control) = (UnreliableJobStore(base), UnreliableControl(base))
        store.mode = .failing(StoreError(.unavailable, "gone"))
        control.fail(StoreError(.unavailable, "gone"))
        try await withRoutes(store: store, control: control) { client in
            for response in [
                try await client.get("/v1/queues"), try await client.post("/v1/queues/default/pause"),
                try await client.post("/v1/queues/default/resume"),
            ] {
                #expect(response.status == .serviceUnavailable)
                #expect(response.problem?["code"]?.string == "queue_unavailable")
            }
        }
    }
}
