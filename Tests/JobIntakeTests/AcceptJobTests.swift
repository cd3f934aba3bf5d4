import Hummingbird
import HummingbirdTesting
import JobFlow
import JobIntake
import MetricsTestKit
import Synchronization
import TestKit
import Testing

/// With a journal: what is promised is on disk first, and keeps its place.
@Suite(.timeLimit(.minutes(5))) struct AcceptJobTests {
    private static let away = StoreError(.unavailable, "redis.internal:6379 refused")
    private let journal = makeJournal()
    private let spool = Spool()

    @Test func `a job is in the journal before the queue is asked, and noted when the queue has it`() async throws {
        let seen = Mutex<[JobID]>([])
        let store = WatchedJobStore(makeStore()) { [journal] spec in
            let spooled = await journal.waiting
            seen.withLock { $0 += spooled.map(\.id) }
            #expect(spooled.map(\.body) == [spec.body])
        }
        try await withRoutes(store: store, journal: journal, spool: spool) { [journal] client in
            let response = try await client.submit(#"{"prompt":"a"}"#)
            #expect(response.status == .accepted)
            #expect(seen.withLock { $0.map(\.description) } == [try response.json["id"]?.string])
            #expect(await journal.waiting.isEmpty)
            #expect(await journal.jobs == seen.withLock { $0 })
        }
        #expect(spool.isEmpty)
    }

    @Test func `what cannot be journaled is not accepted`() async throws {
        let store = makeStore()
        journal.fails = true
        try await withRoutes(store: store, journal: journal, spool: spool) { client in
            let response = try await client.submit(#"{"prompt":"a"}"#)
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "journal_unavailable")
            #expect(response.header("retry-after") == "1")
            #expect(!response.text.contains("space"))
        }
        #expect(try await store.claimAll().isEmpty)
    }

    @Test(arguments: [
        UnreliableJobStore.Mode.failing(away), .failing(StoreError(.refusesWrites, "OOM")), .failingAfterwards(away),
    ])
    func `a job that the queue cannot take now is accepted all the same`(mode: UnreliableJobStore.Mode) async throws {
        let store = UnreliableJobStore(makeStore())
        store.mode = mode
        let metrics = TestMetrics()
        try await withRoutes(
            store: store, journal: journal, spool: spool, instruments: IntakeMetrics(factory: metrics)
        ) { [journal, spool] client in
            let response = try await client.submit(#"{"prompt":"a"}"#)
            #expect(response.status == .accepted)
            let json = try response.json
            #expect(json["status"]?.string == "queued")
            #expect(response.header("location") == "/v1/jobs/\(json["id"]?.string ?? "")")
            #expect(await journal.waiting.map(\.id.description) == [json["id"]?.string])
            #expect(spool.count == 1)
        }
        #expect(metrics.counterTotal(label: "sluice_jobs_submitted_total", dimensions: [("queue", "default")]) == 1)
    }

    @Test func `while a job waits for the queue, none overtakes it`() async throws {
        let base = makeStore()
        let store = UnreliableJobStore(base)
        store.mode = .failing(Self.away)
        try await withRoutes(store: store, journal: journal, spool: spool) { [journal, spool] client in
            _ = try await client.submit(#"{"prompt":"first"}"#)
            store.mode = .working
            for name in ["second", "third"] {
                #expect(try await client.submit(#"{"prompt":"\#(name)"}"#).status == .accepted)
            }
            #expect(try await base.claimAll().isEmpty)
            let prompts = await journal.waiting.map { String(decoding: $0.body, as: UTF8.self) }
            for (prompt, name) in zip(prompts, ["first", "second", "third"]) { #expect(prompt.contains(name)) }
            #expect(spool.count == 3)

            await spool.empty { _ in }
            #expect(try await client.submit(#"{"prompt":"fourth"}"#).status == .accepted)
            #expect(try await base.claimAll().count == 1)
        }
    }

    @Test func `a full spool refuses before anything is written`() async throws {
        var configuration = defaultConfiguration
        configuration.spoolMaxJobs = 2
        let store = UnreliableJobStore(makeStore())
        store.mode = .failing(Self.away)
        try await withRoutes(configuration, store: store, journal: journal, spool: spool) { [journal, spool] client in
            for _ in 0..<2 { #expect(try await client.submit(#"{"prompt":"a"}"#).status == .accepted) }
            let refused = try await client.submit(#"{"prompt":"a"}"#)
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.problem?["code"]?.string == "spool_full")
            #expect(refused.header("retry-after") == "5")
            #expect(refused.header("retry-after-ms") == "5000")
            #expect(await journal.waiting.count == 2)
            #expect(spool.count == 2)
        }
    }

    @Test func `where no job may wait, the queue has to take it now`() async throws {
        var configuration = defaultConfiguration
        configuration.spoolMaxJobs = 0
        let store = UnreliableJobStore(makeStore())
        try await withRoutes(configuration, store: store, journal: journal, spool: spool) { [journal, spool] client in
            #expect(try await client.submit(#"{"prompt":"a"}"#).status == .accepted)
            store.mode = .failing(Self.away)
            let refused = try await client.submit(#"{"prompt":"b"}"#)
            #expect(refused.problem?["code"]?.string == "spool_full")
            #expect(await journal.jobs.count == 1)
            #expect(await journal.waiting.isEmpty)
            #expect(spool.isEmpty)
        }
    }

    @Test func `what the queue cannot understand is taken back`() async throws {
        let store = UnreliableJobStore(makeStore())
        store.mode = .failing(StoreError(.protocolViolation, "WRONGTYPE"))
        try await withRoutes(store: store, journal: journal, spool: spool) { [journal, spool] client in
            let response = try await client.submit(#"{"prompt":"a"}"#)
            #expect(response.status == .internalServerError)
            #expect(await journal.waiting.isEmpty)
            #expect(spool.isEmpty)
        }
    }

    @Test func `a full queue is a 429, and the job is taken back`() async throws {
        let store = InMemoryJobStore(maximumLength: ["batch": 1], now: { noon })
        try await withRoutes(store: store, journal: journal, spool: spool) { [journal] client in
            let body = #"{"prompt":"a","queue":"batch"}"#
            #expect(try await client.submit(body).status == .accepted)
            let refused = try await client.submit(body)
            #expect(refused.status == .tooManyRequests)
            #expect(refused.problem?["type"]?.string == "rate_limit_error")
            #expect(refused.problem?["code"]?.string == "queue_full")
            #expect(refused.header("retry-after") == "5")
            #expect(await journal.jobs.count == 1)
            #expect(await journal.waiting.isEmpty)
        }
    }

    @Test func `the gauge and the log tell of the spool`() async throws {
        let store = UnreliableJobStore(makeStore())
        store.mode = .failing(Self.away)
        let (metrics, log) = (TestMetrics(), LogLines())
        try await withRoutes(
            store: store, journal: journal, spool: spool, logger: log.logger,
            instruments: IntakeMetrics(factory: metrics)
        ) { [spool] client in
            let gauge = try metrics.expectGauge("sluice_spool_jobs")
            #expect(gauge.lastValue == 0)
            for _ in 0..<2 { _ = try await client.submit(#"{"prompt":"a"}"#) }
            #expect(gauge.lastValue == 2)
            await spool.empty { _ in }
            #expect(gauge.lastValue == 0)
        }
        #expect(
            log.notices == [
                "the queue is away, jobs are kept in the journal", "the queue has every accepted job again",
            ])
    }
}
