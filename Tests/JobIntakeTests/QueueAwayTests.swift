import Hummingbird
import HummingbirdTesting
import JobFlow
import JobIntake
import TestKit
import Testing

/// Reading while the queue is away, or does not have a promised job yet.
@Suite(.timeLimit(.minutes(5))) struct QueueAwayTests {
    private let journal = makeJournal()
    private let base = makeStore()

    private func withQueueAway(
        _ body: @escaping @Sendable (any TestClientProtocol, UnreliableJobStore) async throws -> Void
    ) async throws {
        let store = UnreliableJobStore(base)
        store.mode = .failing(StoreError(.unavailable, "gone"))
        try await withRoutes(store: store, journal: journal) { try await body($0, store) }
    }

    /// As the journal of the machine whose worker ran it.
    private func end(_ verdict: Verdict) async throws {
        let row = Attempt(
            number: 1, endpoint: "one", region: "eastus", tier: "ptu", worker: "w", startedAt: noon, endedAt: noon,
            outcome: .completed, billed: .yes)
        let end = Settlement(spec: Samples.spec(1), epoch: 1, worker: "w", verdict: verdict, attempts: [row])
        try await journal.record(end)
        journal.settled(end, .settled)
    }

    @Test(arguments: ["", "?wait=60"])
    func `while the queue is away, a job is read from the journal`(query: String) async throws {
        try await end(.completed(Samples.result(), nil))
        try await withQueueAway { client, _ in
            let response = try await client.get("/v1/jobs/\(Samples.id(1))\(query)")
            #expect(response.status == .ok)
            #expect(try response.json["status"]?.string == "completed")
            #expect(try response.json["result"]?.object?["endpoint"]?.string == "one")
        }
    }

    @Test func `while the queue is away, the ledger is read from the journal`() async throws {
        try await end(.completed(Samples.result(), nil))
        try await withQueueAway { client, _ in
            let rows = try await client.get("/v1/jobs/\(Samples.id(1))/attempts").json["data"]?.array
            #expect(rows?.count == 1)
            #expect(rows?.first?.object.flatMap(Attempt.init)?.endpoint == "one")
        }
    }

    @Test(arguments: ["", "?wait=1", "/attempts"])
    func `while the queue is away, a job that nobody here knows is a 503, not a 404`(rest: String) async throws {
        try await withQueueAway { client, _ in
            let response = try await client.get("/v1/jobs/\(Samples.id(2))\(rest)")
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "queue_unavailable")
            #expect(response.header("retry-after") == "1")
        }
    }

    @Test(arguments: ["", "?wait=0.01"])
    func `a job that the queue does not have yet is queued`(query: String) async throws {
        try await journal.accept(Samples.spec(1))
        try await withRoutes(store: base, journal: journal) { client in
            let response = try await client.get("/v1/jobs/\(Samples.id(1))\(query)")
            #expect(try response.json["status"]?.string == "queued")
            #expect(
                try await client.get("/v1/jobs/\(Samples.id(1))/attempts").text == #"{"object":"list","data":[]}"#)
        }
    }

    @Test(arguments: [
        Verdict.completed(Samples.result(), nil), .failed(.deadlineExceeded, answer: nil), .cancelled, .expired,
    ])
    func `an end that the queue has forgotten is read from the journal, for as long as it is kept`(verdict: Verdict)
        async throws
    {
        try await end(verdict)
        try await withRoutes(store: base, journal: journal) { client in
            let response = try await client.get("/v1/jobs/\(Samples.id(1))")
            #expect(response.status == .ok)
            #expect(try response.json["status"]?.string == verdict.terminalState?.rawValue)
            #expect(try await client.get("/v1/jobs/\(Samples.id(1))/attempts").status == .ok)
        }
        var configuration = defaultConfiguration
        for index in configuration.queues.indices { configuration.queues[index].resultTTL = .zero }
        try await withRoutes(configuration, store: base, journal: journal) { client in
            for rest in ["", "/attempts"] {
                let response = try await client.get("/v1/jobs/\(Samples.id(1))\(rest)")
                #expect(response.status == .notFound)
                #expect(response.problem?["code"]?.string == "job_not_found")
            }
        }
    }

    @Test func `a job whose end the journal heard of is a 404 when the queue has forgotten it`() async throws {
        try await journal.accept(Samples.spec(1))
        journal.queued([Samples.id(1)])
        journal.ended([Samples.id(1)])
        try await withRoutes(store: base, journal: journal) { client in
            let response = try await client.get("/v1/jobs/\(Samples.id(1))")
            #expect(response.status == .notFound)
        }
    }

    @Test func `a journal that cannot be read is no ground for a 404`() async throws {
        journal.fails = true
        try await withRoutes(store: base, journal: journal) { client in
            let response = try await client.get("/v1/jobs/\(Samples.id(1))")
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "journal_unavailable")
            #expect(!response.text.contains("the file"))
        }
    }

    @Test func `a wait lasts through an outage, and is answered when the job ends`() async throws {
        var configuration = defaultConfiguration
        configuration.outagePause = .milliseconds(1)
        let unreliable = UnreliableJobStore(base)
        let store = WatchedJobStore(unreliable)
        try await withRoutes(configuration, store: store, journal: journal) { [base] client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            unreliable.mode = .failing(StoreError(.unavailable, "gone"))
            async let response = client.get("/v1/jobs/\(id)?wait=60")
            // Asked twice: the first answer of the journal was not taken for the end of the wait.
            await store.waitBegan()
            await store.waitBegan()
            unreliable.mode = .working
            try await base.complete(try #require(try await base.claimAll().first))
            #expect(try await response.json["status"]?.string == "completed")
        }
    }

    @Test func `a wait that runs out in an outage shows the job as the journal has it`() async throws {
        try await journal.accept(Samples.spec(1))
        try await withQueueAway { client, _ in
            let started = ContinuousClock.now
            let response = try await client.get("/v1/jobs/\(Samples.id(1))?wait=0.05")
            #expect(try response.json["status"]?.string == "queued")
            #expect(.now - started >= .milliseconds(50))
        }
    }
}
