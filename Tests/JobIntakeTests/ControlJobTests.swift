import Hummingbird
import HummingbirdTesting
import JobFlow
import MetricsTestKit
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct ControlJobTests {
    private let store = makeStore()
    private let journal = makeJournal()

    private func withJob(_ body: @escaping @Sendable (any TestClientProtocol, _ uri: String) async throws -> Void)
        async throws
    {
        try await withRoutes(store: store, journal: journal) { client in
            let id = try #require(try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string)
            try await body(client, "/v1/jobs/\(id)")
        }
    }

    @Test func `a cancelled job is shown, and its end journaled`() async throws {
        try await withJob { [store, journal] client, uri in
            let response = try await client.post(uri + "/cancel")
            #expect(response.status == .ok)
            #expect(try response.json["status"]?.string == "cancelled")
            #expect(try await client.get(uri).text == response.text)
            #expect(try await store.claimAll().isEmpty)
            let end = try #require(await journal.notedEnds.first)
            #expect(uri.hasSuffix(end.id.description))
            #expect(end.verdict == .cancelled)
            #expect(end.epoch == 0)
            #expect(end.worker.isEmpty && end.attempts.isEmpty)
        }
    }

    @Test func `a job that runs is cancelled under its epoch`() async throws {
        try await withJob { [store, journal] client, uri in
            let claim = try #require(try await store.claimAll().first)
            #expect(try await client.post(uri + "/cancel").status == .ok)
            #expect(await journal.notedEnds.map(\.epoch) == [claim.epoch])
        }
    }

    @Test func `cancelling twice is harmless`() async throws {
        try await withJob { client, uri in
            let first = try await client.post(uri + "/cancel")
            let second = try await client.post(uri + "/cancel")
            #expect(second.status == .ok)
            #expect(second.text == first.text)
        }
    }

    @Test func `a job that is cancelled is counted once, whether it waited or ran`() async throws {
        let metrics = TestMetrics()
        try await withRoutes(store: store, instruments: IntakeMetrics(factory: metrics)) { [store] client in
            func cancelled(_ queue: String) -> Int64 {
                metrics.counterTotal(
                    label: "sluice_jobs_finished_total", dimensions: [("queue", queue), ("status", "cancelled")])
            }
            func cancel(_ queue: String) async throws {
                let job = try await client.submit(#"{"prompt":"a","queue":"\#(queue)"}"#).json
                if queue == "default" { _ = try await store.claimAll() }
                let id = try #require(job["id"]?.string)
                for _ in 1...2 { #expect(try await client.post("/v1/jobs/\(id)/cancel").status == .ok) }
            }
            #expect(cancelled("batch") == 0)
            for queue in ["batch", "batch", "default"] { try await cancel(queue) }
            #expect(cancelled("batch") == 2 && cancelled("default") == 1 && cancelled("interactive") == 0)
        }
    }

    @Test func `a job that has ended otherwise cannot be cancelled`() async throws {
        try await withJob { [store, journal] client, uri in
            try await store.complete(try #require(try await store.claimAll().first))
            let response = try await client.post(uri + "/cancel")
            #expect(response.status == .conflict)
            #expect(response.problem?["code"]?.string == "job_ended")
            #expect(response.problem?["message"]?.string?.contains("completed") == true)
            #expect(response.header("x-should-retry") == "false")
            #expect(await journal.notedEnds.isEmpty)
        }
    }

    @Test func `a cancellation that cannot be journaled holds`() async throws {
        try await withJob { [journal] client, uri in
            journal.fails = true
            let response = try await client.post(uri + "/cancel")
            #expect(response.status == .ok)
            #expect(try response.json["status"]?.string == "cancelled")
        }
    }

    @Test func `a failed job runs again, and what the journal knew of its end is forgotten`() async throws {
        try await withJob { [store, journal] client, uri in
            let claim = try #require(try await store.claimAll().first)
            try await store.fail(claim)
            try await journal.noteEnd(Settlement(spec: claim.spec, epoch: 1, worker: "w", verdict: .expired))
            let response = try await client.post(uri + "/retry")
            #expect(response.status == .ok)
            let json = try response.json
            #expect(json["status"]?.string == "queued")
            #expect(json["error"]?.isNull == true)
            #expect(await journal.notedEnds.isEmpty)
            #expect(try await store.claimAll().count == 1)
        }
    }

    @Test func `a job that has not ended cannot be tried again, a completed one neither`() async throws {
        try await withJob { [store, journal] client, uri in
            let early = try await client.post(uri + "/retry")
            #expect(early.status == .conflict)
            #expect(early.problem?["code"]?.string == "job_not_ended")
            let claim = try #require(try await store.claimAll().first)
            try await store.complete(claim)
            try await journal.noteEnd(Settlement(spec: claim.spec, epoch: 1, worker: "w", verdict: .expired))
            let late = try await client.post(uri + "/retry")
            #expect(late.status == .conflict)
            #expect(late.problem?["code"]?.string == "job_completed")
            #expect(await journal.notedEnds.count == 1)
        }
    }

    @Test func `a retry that cannot be journaled is not made`() async throws {
        try await withJob { [store, journal] client, uri in
            try await store.fail(try #require(try await store.claimAll().first))
            journal.fails = true
            let response = try await client.post(uri + "/retry")
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "journal_unavailable")
            #expect(try await client.get(uri).json["status"]?.string == "failed")
        }
    }

    @Test func `an ended job is deleted, a running one is not`() async throws {
        try await withJob { [store, journal] client, uri in
            let claim = try #require(try await store.claimAll().first)
            let early = try await client.delete(uri)
            #expect(early.status == .conflict)
            #expect(early.problem?["code"]?.string == "job_not_ended")
            try await store.complete(claim)
            try await journal.noteEnd(
                Settlement(spec: claim.spec, epoch: claim.epoch, worker: "w", verdict: .expired))
            let response = try await client.delete(uri)
            #expect(response.status == .ok)
            #expect(response.text == #"{"id":"\#(claim.spec.id)","object":"job.deleted","deleted":true}"#)
            #expect(await journal.jobs.isEmpty)
            #expect(await journal.notedEnds.isEmpty)
            #expect(try await client.get(uri).status == .notFound)
            #expect(try await client.delete(uri).status == .notFound)
        }
    }
}

/// The routes that steer a job, where there is no such job, or no queue to steer.
@Suite(.timeLimit(.minutes(5))) struct ControlRefusalTests {
    typealias Call = @Sendable (any TestClientProtocol, _ id: String) async throws -> TestResponse

    static let calls: [Call] = [
        { try await $0.post("/v1/jobs/\($1)/cancel") }, { try await $0.post("/v1/jobs/\($1)/retry") },
        { try await $0.delete("/v1/jobs/\($1)") },
    ]

    @Test(arguments: 0..<3, ["job_0_01h00000000000000000000000", "job_x", "batches", "%20", "job_0_", "-"])
    func `an id that is nobody's is a 404`(call: Int, id: String) async throws {
        try await withRoutes(journal: makeJournal()) { client in
            let response = try await Self.calls[call](client, id)
            #expect(response.status == .notFound)
            #expect(response.problem?["code"]?.string == "job_not_found")
        }
    }

    @Test(arguments: 0..<3) func `a job that only the journal has is a 503, to be tried again`(call: Int) async throws {
        let journal = makeJournal()
        try await journal.accept(Samples.spec(1))
        try await withRoutes(journal: journal) { client in
            expectAway(try await Self.calls[call](client, Samples.id(1).description))
        }
        #expect(await journal.notedEnds.isEmpty)
    }

    @Test(arguments: 0..<3) func `a queue that is away is a 503, to be tried again`(call: Int) async throws {
        let base = makeStore()
        let (control, store) = (UnreliableControl(base), UnreliableJobStore(base))
        let journal = makeJournal()
        try await withRoutes(store: store, control: control, journal: journal) { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            control.fail(StoreError(.unavailable, "gone"))
            store.mode = .failing(StoreError(.unavailable, "gone"))
            try await journal.noteEnd(Settlement(spec: Samples.spec(1), epoch: 1, worker: "w", verdict: .expired))
            expectAway(try await Self.calls[call](client, id))
            expectAway(try await Self.calls[call](client, Samples.id(1).description))
            #expect(await journal.notedEnds.map(\.verdict) == [.expired])
        }
    }

    @Test(arguments: 0..<3) func `an answer that nobody understands is a 500`(call: Int) async throws {
        let base = makeStore()
        let (control, store) = (UnreliableControl(base), UnreliableJobStore(base))
        try await withRoutes(store: store, control: control) { client in
            control.fail(StoreError(.protocolViolation, "WRONGTYPE"))
            store.mode = .failing(StoreError(.protocolViolation, "WRONGTYPE"))
            let response = try await Self.calls[call](client, Samples.id(1).description)
            #expect(response.status == .internalServerError)
            #expect(!response.text.contains("WRONGTYPE"))
        }
    }

    @Test(arguments: ["", "{}", " {} "]) func `no body and an empty object are the same`(body: String) async throws {
        try await withRoutes { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            #expect(try await client.post("/v1/jobs/\(id)/cancel", body: body).status == .ok)
        }
    }

    @Test(arguments: [#"{"reason":"late"}"#, "[]", "x", "null", #"{"a":"# + String(repeating: "[", count: 500)])
    func `a body that was meant to say something is refused`(body: String) async throws {
        try await withRoutes { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            let response = try await client.post("/v1/jobs/\(id)/cancel", body: body)
            #expect(response.status == .badRequest)
            #expect(response.problem?["code"]?.string == "unexpected_body")
            #expect(try await client.get("/v1/jobs/\(id)").json["status"]?.string == "queued")
        }
    }

    @Test func `a large body is not read`() async throws {
        try await withRoutes { client in
            let body = String(repeating: " ", count: 2000)
            let response = try await client.post("/v1/jobs/\(Samples.id(1))/cancel", body: body)
            #expect(response.status == .contentTooLarge)
        }
    }

    private func expectAway(_ response: TestResponse) {
        #expect(response.status == .serviceUnavailable)
        #expect(response.problem?["code"]?.string == "queue_unavailable")
        #expect(response.header("retry-after") == "1")
    }
}
