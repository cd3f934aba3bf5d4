import JobFlow
import Testing

@testable import RunAudit

@Suite(.timeLimit(.minutes(5)))
struct IdempotencyTests {
    private func accept(_ log: AuditLog, _ source: Idempotency.Source, content: String = "same") async throws -> JobID {
        let spec = Samples.spec(idempotency: Idempotency(key: "key", content: content, source: source))
        try await log.accept(spec)
        return spec.id
    }

    private func known(_ log: AuditLog, _ source: Idempotency.Source = .key) async throws -> KnownJob? {
        try await log.known(Idempotency(key: "key", content: "same", source: source))
    }

    @Test func `a repeated request finds its job, also when only the key is the same`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        #expect(try await known(log) == nil)
        let first = try await accept(log, .key)
        #expect(try await known(log) == KnownJob(id: first, hasSameContent: true))
        let later = try await accept(log, .key, content: "other")
        #expect(try await known(log) == KnownJob(id: later, hasSameContent: false))
        #expect(try await log.known(Idempotency(key: "key\u{0}", content: "same")) == nil)
    }

    @Test func `a first send is always a job of its own, and is found by the second`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let first = try await accept(log, .firstSend)
        #expect(try await known(log, .firstSend) == nil)
        #expect(try await known(log, .resend)?.id == first)
    }

    @Test(arguments: [
        (Idempotency.Source.key, Duration.seconds(86_399), true), (.key, .seconds(86_400), false),
        (.firstSend, .seconds(899), true), (.firstSend, .seconds(900), false), (.resend, .seconds(900), false),
    ])
    func `a key is remembered for its time`(_ source: Idempotency.Source, _ age: Duration, _ isKnown: Bool) async throws
    {
        let folder = try TemporaryFolder()
        let clock = TestClock()
        let log = try folder.log(clock: clock)
        defer { log.close() }
        _ = try await accept(log, source)
        clock.advance(age)
        #expect((try await known(log, .resend) != nil) == isKnown)
    }

    @Test func `a job that ended is found, one that was refused is not`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let ended = try await accept(log, .key)
        let refused = try await accept(log, .key)
        log.ended([ended])
        try await log.withdraw(refused)
        try await log.flushed()
        #expect(try await known(log)?.id == ended)
    }
}
