import Hummingbird
import HummingbirdTesting
import JobFlow
import Synchronization
import TestKit
import Testing

/// What a client reads when it sends a request again, with a journal beside the queue.
@Suite(.timeLimit(.minutes(5))) struct RepeatedRequestTests {
    private let journal = makeJournal()
    private let spool = Spool()
    private let base = makeStore()

    private static let body = #"{"prompt":"a","idempotency_key":"k"}"#
    private static let other = #"{"prompt":"b","idempotency_key":"k"}"#

    private func withQueueAway(
        _ body: @escaping @Sendable (any TestClientProtocol, UnreliableJobStore) async throws -> Void
    ) async throws {
        let store = UnreliableJobStore(base)
        store.mode = .failing(StoreError(.unavailable, "gone"))
        try await withRoutes(store: store, journal: journal, spool: spool) { try await body($0, store) }
    }

    @Test func `a duplicate that the queue knows is answered with its job, and taken back`() async throws {
        try await withRoutes(store: base, journal: journal, spool: spool) { [journal] client in
            let first = try await client.submit(Self.body)
            let again = try await client.submit(Self.body)
            #expect(again.status == .ok)
            #expect(again.text == first.text)
            #expect(await journal.jobs.count == 1)
            #expect(await journal.waiting.isEmpty)
        }
    }

    @Test func `a conflict that the queue knows is a 409, and taken back`() async throws {
        try await withRoutes(store: base, journal: journal, spool: spool) { [journal] client in
            _ = try await client.submit(Self.body)
            let other = try await client.submit(Self.other)
            #expect(other.status == .conflict)
            #expect(other.problem?["code"]?.string == "idempotency_conflict")
            #expect(await journal.jobs.count == 1)
            #expect(await journal.waiting.isEmpty)
        }
    }

    @Test func `a duplicate of a job that waits for the queue is answered from the journal`() async throws {
        try await withQueueAway { [journal, spool] client, store in
            let first = try await client.submit(Self.body)
            #expect(first.status == .accepted)
            for mode in [store.mode, .working] {
                store.mode = mode
                let again = try await client.submit(Self.body)
                #expect(again.status == .ok)
                #expect(again.text == first.text)
                #expect(again.header("location") == first.header("location"))
            }
            #expect(await journal.jobs.count == 1)
            #expect(spool.count == 1)
        }
    }

    @Test func `a conflict with a job that waits for the queue is a 409`() async throws {
        try await withQueueAway { [journal, spool] client, _ in
            _ = try await client.submit(Self.body)
            let other = try await client.submit(Self.other)
            #expect(other.status == .conflict)
            #expect(other.problem?["code"]?.string == "idempotency_conflict")
            #expect(other.header("x-should-retry") == "false")
            #expect(await journal.jobs.count == 1)
            #expect(spool.count == 1)
        }
    }

    @Test func `an SDK's re-send finds its first send in the journal, a first send is a job of its own`() async throws {
        try await withQueueAway { [spool] client, _ in
            func send(retry: Int) async throws -> TestResponse {
                try await client.submit(
                    #"{"prompt":"a"}"#,
                    headers: [.contentType: "application/json", .init("x-stainless-retry-count")!: "\(retry)"])
            }
            let first = try await send(retry: 0)
            #expect(try await send(retry: 1).text == first.text)
            let second = try await send(retry: 0)
            #expect(second.status == .accepted)
            #expect(try second.json["id"]?.string != first.json["id"]?.string)
            #expect(spool.count == 2)
        }
    }

    @Test func `a journal that cannot be asked refuses a repeated request`() async throws {
        try await withQueueAway { [journal] client, _ in
            _ = try await client.submit(Self.body)
            journal.fails = true
            let again = try await client.submit(Self.body)
            #expect(again.status == .serviceUnavailable)
            #expect(again.problem?["code"]?.string == "journal_unavailable")
        }
    }

    @Test(arguments: [true, false])
    func `a job whose fate is open is waited for, one that was refused is none`(isRefused: Bool) async throws {
        try await withQueueAway { [journal, spool] client, _ in
            let first = try JSONObject(parsing: Array(try await client.submit(Self.body).text.utf8))
            let id = try #require(first["id"]?.string.flatMap(JobID.init))
            spool.began(id)
            let isDecided = Mutex(false)
            async let answer = {
                let answer = try await client.submit(Self.body)
                #expect(isDecided.withLock { $0 })
                return answer
            }()
            try await eventually { journal.keysAsked > 0 }
            isDecided.withLock { $0 = true }
            if isRefused { spool.wereRefused([id]) } else { spool.ended(id) }
            let again = try await answer
            #expect(again.status == (isRefused ? .accepted : .ok))
            #expect((try again.json["id"]?.string == id.description) == !isRefused)
            #expect(await journal.jobs.count == (isRefused ? 2 : 1))
        }
    }
}
