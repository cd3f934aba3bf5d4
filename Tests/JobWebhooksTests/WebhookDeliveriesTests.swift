import InMemoryLogging
import JobFlow
import Logging
import ServiceLifecycleTestKit
import TestKit
import Testing

@testable import JobWebhooks

@Suite(.timeLimit(.minutes(5))) struct `Delivering` {
    private let clock = ManualWallClock()
    private let store: InMemoryJobStore
    private let lines: InMemoryLogHandler
    private var configuration: WebhookConfiguration

    init() throws {
        store = InMemoryJobStore(now: { [clock] in clock.now })
        var lines = InMemoryLogHandler()
        lines.logLevel = .trace
        self.lines = lines
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        configuration = WebhookConfiguration(
            partitions: 1, secrets: [secret], schedule: WebhookSchedule(delays: [.seconds(5)], maxAttempts: 3),
            timeout: .seconds(15), concurrency: 8, hostConcurrency: 2)
        configuration.tick = .milliseconds(5)
        configuration.pause = .milliseconds(1)
        configuration.grace = .milliseconds(20)
    }

    private func service(_ receiver: ScriptedReceiver) -> WebhookDeliveries {
        WebhookDeliveries(
            configuration: configuration, outbox: store, store: store, caller: receiver,
            job: { Array(#"{"id":"\#($0.spec.id)"}"#.utf8) }, now: { [clock] in clock.now }, chance: { 0 },
            logger: Logger(label: "test") { [lines] _ in lines })
    }

    /// Cancelled at once: an end is an end.
    private func end(_ number: Int, url: String = "https://one.example/hook?key=hidden") async throws -> JobID {
        var spec = Samples.spec(number)
        spec.webhook = WebhookURL(url)
        _ = try await store.submit(spec)
        _ = try await store.cancel(spec.id)
        return spec.id
    }

    private func state(_ id: JobID) async throws -> WebhookStatus {
        try #require(try await store.record(id)?.webhook)
    }

    private func whileDelivering(
        _ receiver: ScriptedReceiver, _ body: (GracefulShutdownTestTrigger) async throws -> Void
    ) async throws {
        let service = service(receiver)
        try await testGracefulShutdown { trigger in
            try await withThrowingTaskGroup { group in
                group.addTask { try await service.run() }
                try await body(trigger)
                trigger.triggerGracefulShutdown()
                try await group.waitForAll()
            }
        }
    }

    @Test func `an end is told once, signed, with the same name in header and log`() async throws {
        let receiver = ScriptedReceiver(.ok)
        let id = try await end(1)
        try await whileDelivering(receiver) { _ in
            try await eventually { try await state(id).state == .delivered }
        }
        #expect(receiver.seen.count == 1)
        let request = try #require(receiver.seen.first)
        #expect(request.url.description == "https://one.example/hook?key=hidden")
        #expect(request.header("webhook-id") == WebhookID(job: id, epoch: 0, state: .cancelled).description)
        #expect(request.header("webhook-timestamp") == "1700000000")
        #expect(String(decoding: request.body, as: UTF8.self).contains(#""data":{"id":"\#(id)"}"#))
        #expect(try await state(id).lastStatusCode == 204)
        let line = try #require(lines.entries.first { $0.message == "webhook delivery" })
        #expect(line.level == .info)
        #expect(line.metadata["outcome"] == "delivered")
        #expect(line.metadata["host"] == "one.example")
        #expect(line.metadata["correlation.id"] == "req-1")
        #expect(!lines.entries.contains { "\($0)".contains("hidden") })
    }

    @Test func `a receiver that fails at first is told again later, under the same name`() async throws {
        let receiver = ScriptedReceiver(.broken, .failed("timeout"), .ok)
        let id = try await end(1)
        try await whileDelivering(receiver) { _ in
            try await eventually { try await state(id).attempts == 1 }
            #expect(try await state(id).nextAttemptAt == clock.now + .seconds(5))
            #expect(try await state(id).lastStatusCode == 500)
            clock.advance(by: .seconds(5))
            try await eventually { try await state(id).attempts == 2 }
            #expect(try await state(id).lastError == "timeout")
            clock.advance(by: .seconds(5))
            try await eventually { try await state(id).state == .delivered }
        }
        #expect(receiver.seen.count == 3)
        #expect(Set(receiver.seen.map { $0.header("webhook-id") }).count == 1)
        #expect(Set(receiver.seen.map { $0.header("webhook-signature") }).count == 3)
        #expect(Set(receiver.seen.map(\.body)).count == 1)
    }

    @Test func `a receiver that never takes it ends on the list of the dead`() async throws {
        let receiver = ScriptedReceiver(.broken)
        let id = try await end(1)
        try await whileDelivering(receiver) { _ in
            for attempt in 1...3 {
                try await eventually { try await state(id).attempts == attempt }
                clock.advance(by: .seconds(5))
            }
            try await eventually { try await state(id).state == .dead }
        }
        #expect(receiver.seen.count == 3)
        #expect(try await store.dead(after: nil, limit: 10).webhooks.map(\.event.id.job) == [id])
        #expect(lines.entries.contains { $0.level == .warning && $0.metadata["outcome"] == "dead" })
    }

    @Test func `a slow host holds up neither the others nor more than its share`() async throws {
        let gate = Latch()
        let receiver = ScriptedReceiver { request, _ in
            if request.url.host == "slow.example" { await gate.wait() }
            return .ok
        }
        for number in 1...20 { _ = try await end(number, url: "https://slow.example/") }
        var quick: [JobID] = []
        for number in 21...40 { quick.append(try await end(number, url: "https://quick.example/")) }
        try await whileDelivering(receiver) { _ in
            for id in quick { try await eventually { try await state(id).state == .delivered } }
            #expect(receiver.seen.filter { $0.url.host == "slow.example" }.count == 2)
            gate.open()
            for number in 1...20 {
                try await eventually { try await state(Samples.id(number)).state == .delivered }
            }
        }
        #expect(receiver.seen.count == 40)
    }

    @Test func `what is under way at a stop is handed back, and its attempt is not counted`() async throws {
        let receiver = ScriptedReceiver { _, _ in
            // As libcurl does: ends when its task is cancelled.
            while !Task.isCancelled { await Task.yield() }
            return .cancelled
        }
        let id = try await end(1)
        try await whileDelivering(receiver) { _ in try await eventually { receiver.seen.count == 1 } }
        #expect(try await state(id) == WebhookStatus(state: .pending))
        let again = try await store.take(WebhookTake(partition: 0, limit: 1, hostLimit: 1, lease: .seconds(1)))
        #expect(again.claims.map(\.attempt) == [1])
    }

    @Test func `a job that ends while nobody delivers is told by the next worker`() async throws {
        let receiver = ScriptedReceiver(.ok)
        let id = try await end(1)
        // One that died with it in hands.
        let lease = Duration.seconds(30)
        #expect(
            try await store.take(WebhookTake(partition: 0, limit: 1, hostLimit: 1, lease: lease)).claims.count == 1)
        try await whileDelivering(receiver) { _ in
            clock.advance(by: lease)
            try await eventually { try await state(id).state == .delivered }
        }
        #expect(try await state(id).attempts == 2)
    }

    @Test func `private addresses are refused when they are called`() async throws {
        let curl = try CurlWebhookCaller.client(AddressRules())
        let caller = CurlWebhookCaller(curl: curl, timeout: .seconds(5))
        for host in ["127.0.0.1:9", "localhost:9", "2130706433:9", "[::1]:9", "[::ffff:7f00:1]:9"] {
            let url = try #require(WebhookURL("http://\(host)/"))
            var event = Events.event()
            event.url = url
            let request = WebhookRequest(event, body: [1], secrets: configuration.secrets, now: clock.now)
            #expect(await caller.send(request) == .addressRefused, "\(host)")
        }
    }
}
