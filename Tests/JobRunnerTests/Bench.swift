import InMemoryLogging
import JobFlow
import Logging
import TestKit
import Testing

@testable import JobRunner

/// A queue, a clock, an audit log and a log, in which a test runs jobs.
struct Bench: Sendable {
    let clock = ManualWallClock()
    let audit: RecordingAudit
    let queue: InMemoryJobStore
    let store: WatchedStore
    let recovery: TrustingRecovery
    var configuration = RunnerConfiguration(
        worker: "w1", queues: [QueueWeight(queue: "default", weight: 1)], tick: .milliseconds(5))
    private let lines: InMemoryLogHandler

    init(audit: RecordingAudit = RecordingAudit(), settleErrors: [StoreError] = []) {
        self.audit = audit
        queue = InMemoryJobStore(now: { [clock] in clock.now })
        store = WatchedStore(queue, settleErrors: settleErrors)
        recovery = TrustingRecovery(store)
        configuration.uptime = { [clock] in clock.now - Samples.start }
        var lines = InMemoryLogHandler()
        lines.logLevel = .trace
        self.lines = lines
    }

    var log: [InMemoryLogHandler.Entry] { lines.entries }

    var logger: Logger { Logger(label: "test") { [lines] _ in lines } }

    /// Messages of the log, those of one job only if one is named.
    func messages(of id: JobID? = nil) -> [String] {
        log.filter { id == nil || $0.metadata["job.id"] == "\(id?.description ?? "")" }.map(\.message.description)
    }

    func submit(_ specs: JobSpec...) async throws { for spec in specs { _ = try await store.submit(spec) } }

    /// Takes the one job that waits.
    func claim(worker: String = "w1") async throws -> Claim {
        let request = ClaimRequest(
            partition: 0, worker: worker, lease: configuration.lease, limit: 1,
            round: StoreUnderTest.nextRound() + 1_000_000,
            server: try await store.server(0).identity, shares: [QueueShare(queue: "default", jobs: 1)])
        return try #require(try await store.claim(request).claims.first)
    }

    func settle(patience: Duration = .seconds(60)) -> SettleReliably {
        SettleReliably(store: store, events: RunnerEvents(logger: logger), patience: patience)
    }

    func pipeline(_ completer: any PromptCompleter, isDraining: Bool = false) -> RunOneJob {
        RunOneJob(
            configuration: configuration, completer: completer, audit: audit, settle: settle(),
            events: RunnerEvents(logger: logger), now: { [clock] in clock.now }, isDraining: { isDraining })
    }

    /// Claims the one job that waits, runs it, and reads it back.
    @discardableResult func run(_ completer: any PromptCompleter, isDraining: Bool = false) async throws -> JobRecord {
        let claim = try await claim()
        await pipeline(completer, isDraining: isDraining).run(claim)
        return try await record(claim.spec.id)
    }

    func record(_ id: JobID = Samples.id()) async throws -> JobRecord { try #require(try await store.record(id)) }

    /// The ledger of a job, as a client reads it.
    func ledger(_ id: JobID = Samples.id()) async throws -> [Attempt] {
        let text = [UInt8(ascii: "[")] + (try await record(id).ledger) + [UInt8(ascii: "]")]
        let rows = try #require(try JSONValue(parsing: text).array)
        return try rows.map { try #require($0.object.flatMap(Attempt.init)) }
    }

    func runner(_ completer: any PromptCompleter, store: (any JobStore)? = nil) -> JobRunner {
        JobRunner(
            configuration: configuration, store: store ?? self.store, control: queue, recovery: recovery,
            completer: completer, audit: audit,
            now: { [clock] in clock.now }, logger: logger)
    }
}
