import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct ListJobsTests {
    private let store = makeStore()

    private func ids(_ response: TestResponse) throws -> [String] {
        try (response.json["data"]?.array ?? []).compactMap { $0.object?["id"]?.string }
    }

    private func submit(_ count: Int, queue: String, _ client: any TestClientProtocol) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            let json = try await client.submit(#"{"prompt":"\#(queue) \#(number)","queue":"\#(queue)"}"#).json
            ids.append(try #require(json["id"]?.string))
        }
        return ids
    }

    @Test func `a list holds job objects, and says where it begins and ends`() async throws {
        try await withRoutes(store: store) { client in
            let id = try await submit(1, queue: "batch", client)[0]
            let job = try await client.get("/v1/jobs/\(id)").text
            let response = try await client.get("/v1/jobs?status=queued")
            #expect(response.status == .ok)
            #expect(
                response.text
                    == #"{"object":"list","data":[\#(job)],"has_more":false,"first_id":"\#(id)","last_id":"\#(id)"}"#)
        }
    }

    @Test func `an empty list is one`() async throws {
        try await withRoutes(store: store) { client in
            let response = try await client.get("/v1/jobs?status=failed&limit=1")
            #expect(
                response.text == #"{"object":"list","data":[],"has_more":false,"first_id":null,"last_id":null}"#)
        }
    }

    @Test func `pages follow each other until all were seen`() async throws {
        try await withRoutes(store: store) { client in
            let all = try await submit(5, queue: "default", client)
            var (seen, after, pages): ([String], String, Int) = ([], "", 0)
            while true {
                let page = try await client.get("/v1/jobs?status=queued&limit=2" + after)
                seen += try ids(page)
                pages += 1
                guard try page.json["has_more"]?.bool == true else { break }
                after = "&after=\(try #require(try page.json["last_id"]?.string))"
            }
            #expect(pages == 3)
            #expect(seen.count == 5)
            #expect(Set(seen) == Set(all))
        }
    }

    @Test func `a filter that fits few is answered in bounded steps, and found all the same`() async throws {
        try await withRoutes(store: store, control: UnreliableControl(store, looks: 2)) { client in
            _ = try await submit(7, queue: "default", client)
            let claims = try await store.claimAll()
            for (number, claim) in claims.enumerated() {
                try await store.fail(claim, code: number == 3 ? "rare" : "usual")
            }
            var (found, after, pages): ([String], String, Int) = ([], "", 0)
            while true {
                let page = try await client.get("/v1/jobs?status=failed&reason=rare" + after)
                let ids = try ids(page)
                found += ids
                pages += 1
                #expect(try page.json["first_id"]?.string == ids.first)
                guard try page.json["has_more"]?.bool == true else { break }
                after = "&after=\(try #require(try page.json["last_id"]?.string))"
            }
            #expect(found == [claims[3].spec.id.description] && pages == 4)
        }
    }

    @Test func `a list is of one state, and of one queue and reason if asked`() async throws {
        try await withRoutes(store: store) { client in
            let failed = try await submit(1, queue: "batch", client) + submit(1, queue: "default", client)
            for claim in try await store.claimAll() {
                try await store.fail(claim, code: claim.spec.queue == "batch" ? "timeout" : "content_filter")
            }
            let waiting = try await submit(1, queue: "batch", client)
            #expect(try ids(try await client.get("/v1/jobs?status=queued")) == waiting)
            #expect(try Set(ids(try await client.get("/v1/jobs?status=failed"))) == Set(failed))
            #expect(try ids(try await client.get("/v1/jobs?status=failed&queue=batch")) == [failed[0]])
            #expect(try ids(try await client.get("/v1/jobs?status=failed&reason=content_filter")) == [failed[1]])
            #expect(try ids(try await client.get("/v1/jobs?status=failed&since=\(noon.seconds)")).count == 2)
            #expect(try ids(try await client.get("/v1/jobs?status=failed&until=\(noon.seconds)")).isEmpty)
        }
    }

    @Test func `a queue that is away is a 503`() async throws {
        let control = UnreliableControl(store)
        control.fail(StoreError(.unavailable, "gone"))
        try await withRoutes(store: store, control: control) { client in
            let response = try await client.get("/v1/jobs?status=failed")
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "queue_unavailable")
        }
    }

    private static let long = String(repeating: "x", count: 129)

    @Test(arguments: [
        ("status", ""), ("status", "status="), ("status", "status=completed"), ("status", "status=Failed"),
        ("status", "status=failed&status=failed"), ("queue", "status=failed&queue=nowhere"),
        ("queue", "status=failed&queue="), ("reason", "status=failed&reason="),
        ("reason", "status=failed&reason=" + long),
        ("reason", "status=queued&reason=timeout"), ("since", "status=failed&since=yesterday"),
        ("since", "status=failed&since=-1"), ("since", "status=failed&since=nan"),
        ("since", "status=failed&since=1e300"), ("until", "status=failed&until=2030-01-01T00:00:00Z"),
        ("until", "status=failed&since=20&until=10"), ("limit", "status=failed&limit=0"),
        ("limit", "status=failed&limit=101"), ("limit", "status=failed&limit=1.5"), ("limit", "status=failed&limit="),
        ("limit", "status=failed&limit=0x10"), ("limit", "status=failed&limit=99999999999999999999999999"),
        ("after", "status=failed&after=job_x"), ("after", "status=failed&after=" + long),
    ])
    func `a bad parameter is named`(name: String, query: String) async throws {
        try await withRoutes(store: store) { client in
            let response = try await client.get("/v1/jobs?" + query)
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == name)
            #expect(response.header("x-should-retry") == "false")
        }
    }

    @Test func `an error says what is allowed`() async throws {
        try await withRoutes(store: store) { client in
            for (query, allowed) in [
                ("status=completed", "queued, scheduled, in_progress, failed"),
                ("status=failed&queue=x", "interactive, default, batch"), ("status=failed&limit=0", "1 to 100"),
            ] {
                let message = try await client.get("/v1/jobs?" + query).problem?["message"]?.string
                #expect(message?.contains(allowed) == true, "\(message ?? "")")
            }
        }
    }

    @Test func `every parameter is taken over, and what is not said has its default`() throws {
        let id = Samples.id(3)
        let given = [
            "status": "failed", "queue": "batch", "reason": "timeout", "since": "10.5", "until": "20",
            "after": id.description, "limit": "100",
        ]
        let page = try ListParameters.page({ given[$0] }, queues: defaultConfiguration.queues)
        #expect(
            page
                == JobPage(
                    state: .failed, queue: "batch", reason: "timeout", since: Timestamp(milliseconds: 10_500),
                    until: Timestamp(milliseconds: 20_000), after: id, limit: 100))
        let bare = try ListParameters.page({ $0 == "status" ? "in_progress" : nil }, queues: [])
        #expect(bare == JobPage(state: .inProgress, limit: 20))
    }
}
