import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// The worker's part is played by the test.
@Suite(.timeLimit(.minutes(5))) struct StreamResponseTests {
    private static let body = #"{"model":"gpt-4o","stream":true,"background":true,"input":"Hi"}"#
    private static let created = upstream("response.created", #""response":{"id":"resp_up","status":"in_progress"}"#)
    private static let delta = upstream("response.output_text.delta", #""delta":"Hel""#)
    private static let done = upstream(
        "response.completed", #""response":{"id":"resp_up","status":"completed","output":[]}"#)

    private static func upstream(_ type: String, _ members: String) -> String {
        "event: \(type)\ndata: {\"type\":\"\(type)\",\"sequence_number\":7,\(members)}\n\n"
    }

    private struct Event: Equatable {
        let number: Int?
        let type: String?
    }

    private func events(_ response: TestResponse) -> [Event] {
        objects(response).map { Event(number: $0["sequence_number"]?.int, type: $0["type"]?.string) }
    }

    private func objects(_ response: TestResponse) -> [JSONObject] {
        response.text.split(separator: "\n\n").compactMap { block in
            let data = block.split(separator: "\n").first { $0.hasPrefix("data: ") }?.dropFirst(6)
            return data.flatMap { try? JSONObject(parsing: Array($0.utf8)) }
        }
    }

    private func create(
        _ store: InMemoryJobStore, _ client: any TestClientProtocol,
        _ work: @escaping @Sendable (Worker) async throws -> Void
    ) async throws -> TestResponse {
        async let response = client.post("/v1/responses", body: Self.body)
        try await work(try await Worker.holding(store))
        return try await response
    }

    private func path(_ response: TestResponse) throws -> String {
        let id = try #require(response.header("x-sluice-job-id"))
        return "/v1/responses/resp_" + id.dropFirst("job_".count)
    }

    @Test func `a background response streams under our id, numbered from zero`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let response = try await create(store, client) { worker in
                #expect(worker.claim.spec.isStreamed && worker.claim.spec.reuse == nil)
                #expect(String(decoding: worker.claim.spec.body, as: UTF8.self).contains("background") == false)
                try await worker.log(Self.created + Self.delta, at: 0)
                try await worker.log(Self.done, at: Self.created.utf8.count + Self.delta.utf8.count, isEnd: true)
                try await store.complete(worker.claim)
            }
            #expect(response.status == .ok)
            #expect(
                events(response) == [
                    Event(number: 0, type: "response.created"), Event(number: 1, type: "response.queued"),
                    Event(number: 2, type: "response.output_text.delta"), Event(number: 3, type: "response.completed"),
                ])
            let last = try #require(objects(response).last?["response"]?.object)
            #expect(try "/v1/responses/" + #require(last["id"]?.string) == path(response))
            #expect(last["background"]?.bool == true && last["status"]?.string == "completed")
        }
    }

    @Test func `whoever comes back is told what it has not seen, wherever it asks`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let first = try await create(store, client) { worker in
                try await worker.log(Self.created + Self.delta + Self.delta, at: 0)
                try await worker.log(Self.done, at: (Self.created + Self.delta + Self.delta).utf8.count, isEnd: true)
                try await store.complete(worker.claim)
            }
            let all = events(first)
            #expect(all.count == 5)
            try await withRoutes(store: store) { other in
                for seen in 0..<4 {
                    let rest = try await other.get(path(first) + "?stream=true&starting_after=\(seen)")
                    #expect(events(rest) == Array(all[(seen + 1)...]))
                }
                let whole = try await other.get(path(first) + "?stream=true")
                #expect(whole.text == first.text)
                #expect(events(try await other.get(path(first) + "?stream=true&starting_after=4")).isEmpty)
            }
        }
    }

    @Test func `a second answer has numbers of its own, behind those of the first`() async throws {
        let store = makeStore()
        let log = WatchedLog(store)
        try await withRoutes(store: store, log: log) { client in
            let first = try await create(store, client) { worker in
                try await worker.log(Self.created + Self.delta, at: 0)
                try await log.wasGiven(1)
                try await worker.log(Self.created + Self.delta + Self.done, at: 0, attempt: 2, isEnd: true)
                try await store.complete(worker.claim)
            }
            #expect(events(first).last?.type == "error")
            #expect(objects(first).last?["code"]?.string == "stream_restarted")
            let seen = try #require(events(first).dropLast().last?.number)
            let rest = try await client.get(path(first) + "?stream=true&starting_after=\(seen)")
            #expect(events(rest).map(\.type) == ["response.output_text.delta", "response.completed"])
            #expect(events(rest).allSatisfy { $0.number ?? 0 > seen })
        }
    }

    @Test func `a response that fails ends its stream with an event that says why`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let response = try await create(store, client) { worker in
                try await worker.settle(
                    .failed(JobError(code: "timeout", message: "too slow", type: "server_error"), answer: nil))
            }
            let last = try #require(objects(response).last)
            #expect(last["type"]?.string == "response.failed")
            #expect(last["response"]?.object?["error"]?.object?["message"]?.string == "too slow")
        }
    }

    @Test func `a response without a log is told as a whole, also to who has seen much`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let made = try await client.post(
                "/v1/responses", body: #"{"model":"gpt-4o","background":true,"input":"a"}"#)
            let worker = try await Worker.holding(store)
            try await store.complete(worker.claim, body: #"{"id":"resp_up","output":[],"status":"completed"}"#)
            let response = try await client.get(path(made) + "?stream=true&starting_after=50")
            #expect(events(response) == [Event(number: 51, type: "response.completed")])
        }
    }

    @Test(arguments: ["-1", "x", "1000001", ""])
    func `a place that is none is refused`(place: String) async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let made = try await client.post(
                "/v1/responses", body: #"{"model":"gpt-4o","background":true,"input":"a"}"#)
            let response = try await client.get(path(made) + "?stream=true&starting_after=\(place)")
            #expect(response.status == .badRequest && response.problem?["param"]?.string == "starting_after")
        }
    }
}
