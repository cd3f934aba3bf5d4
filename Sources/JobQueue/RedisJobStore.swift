package import JobFlow
package import Logging
package import Redis
import RedisFaults
import ServiceLifecycle

/// The queue on Redis: the only owner of its keys. Each verb that writes is one script (see `Scripts/`); submissions, settlements
/// and reads that meet are sent together.
package final class RedisJobStore: JobStore, Service {
    let client: RedisClient
    let configuration: QueueConfiguration
    private let submissions: [Batcher<SubmitJobs.Submission, SubmitOutcome>]
    private let settlements: [Batcher<Settlement, SettleOutcome>]
    private let reads: [Batcher<JobID, ReadRecord.Found?>]
    /// Reads of those who wait for the end.
    private let watches: [Batcher<JobID, ReadRecord.Found?>]
    let additions: [Batcher<JobLogs.Addition, AppendOutcome>]
    let webhookReports: [Batcher<WebhookReport, Bool>]
    private let watch = EndWatch()
    let logWatch = EndWatch()
    let logger: Logger

    /// - Parameter client: has to be running for as long as the store does.
    package init(client: RedisClient, configuration: QueueConfiguration, logger: Logger) {
        self.client = client
        self.configuration = configuration
        self.logger = logger
        let partitions = 0..<configuration.partitions
        submissions = partitions.map { partition in
            Batcher(size: SubmitJobs.size) { jobs in
                await Self.evaluate(client, QueueScripts.submit, partition, SubmitJobs.arguments(jobs, configuration)) {
                    SubmitJobs.outcomes($0)
                }
            }
        }
        settlements = partitions.map { partition in
            Batcher(size: SettleClaims.size) { settlements in
                let arguments = SettleClaims.arguments(settlements, configuration)
                return await Self.evaluate(client, QueueScripts.settle, partition, arguments) {
                    $0.array?.map { $0.int == 2 ? .settled : $0.int == 1 ? .known : .lost }
                }
            }
        }
        additions = partitions.map { partition in
            Batcher(size: JobLogs.size) { additions in
                await Self.evaluate(
                    client, QueueScripts.append, partition, JobLogs.arguments(additions, configuration),
                    JobLogs.outcomes)
            }
        }
        webhookReports = partitions.map { partition in
            Batcher(size: { _ in 512 }) { reports in
                await Self.evaluate(
                    client, WebhookScripts.report, partition, WebhookScripts.arguments(reports)
                ) { $0.array?.map { $0.int == 1 } }
            }
        }
        let readers = partitions.map { RecordReader(client, partition: $0) }
        reads = readers.map { Batcher(limits: ReadRecord.limits, size: { _ in ReadRecord.size }, perform: $0.read) }
        watches = readers.map {
            Batcher(limits: ReadRecord.limits, size: { _ in ReadRecord.size }, perform: $0.readAndWatch)
        }
    }

    /// Carries batches and listens for ended jobs, until graceful shutdown or cancellation. Stop it after everything
    /// that submits and settles.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for batcher in self.submissions { group.addTask { await batcher.run() } }
                for batcher in self.settlements { group.addTask { await batcher.run() } }
                for batcher in self.additions { group.addTask { await batcher.run() } }
                for batcher in self.webhookReports { group.addTask { await batcher.run() } }
                for batcher in self.reads + self.watches { group.addTask { await batcher.run() } }
                for watch in [self.watch, self.logWatch] { group.addTask { await watch.run() } }
                group.addTask { await self.listen() }
            }
        }
    }

    package func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome {
        try await submit(spec, isPromised ? .holds : .asks)
    }

    package func submitAndWatch(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome {
        watch.reserve(spec)
        var isAccepted = false
        defer { if !isAccepted { unwatch(spec.id) } }
        let outcome = try await submit(spec, .waits)
        isAccepted = outcome == .accepted
        return outcome
    }

    private func submit(_ spec: JobSpec, _ client: SubmitJobs.Client) async throws(StoreError) -> SubmitOutcome {
        try await submissions[try index(spec.id.partition)].call(SubmitJobs.Submission(spec: spec, client: client))
    }

    package func unwatch(_ id: JobID) {
        if let place = watch.takeReserved(id) { watch.leave(place.ticket) }
    }

    package func submit(_ specs: [JobSpec], isPromised: Bool) async throws(StoreError) -> [SubmitOutcome] {
        var outcomes = [SubmitOutcome?](repeating: nil, count: specs.count)
        for (partition, indices) in Dictionary(grouping: specs.indices, by: { specs[$0].id.partition }) {
            _ = try index(partition)
            for part in BatchLimits().parts(indices, size: { SubmitJobs.size(specs[$0]) }) {
                let jobs = part.map { SubmitJobs.Submission(spec: specs[$0], client: isPromised ? .holds : .asks) }
                let replies = try await evaluate(
                    QueueScripts.submit, partition, SubmitJobs.arguments(jobs, configuration), SubmitJobs.outcomes)
                guard replies.count == part.count else { throw .unexpected("submit") }
                for (index, outcome) in zip(part, replies) { outcomes[index] = outcome }
            }
        }
        return outcomes.compactMap(\.self)
    }

    package func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound {
        let arguments = ClaimJobs.arguments(request, configuration)
        let reply = try await evaluate(QueueScripts.claim, request.partition, arguments) {
            ClaimJobs.reply($0, to: request)
        }
        switch reply {
        case .round(let round): return round
        case .serverChanged: throw .serverChanged
        }
    }

    package func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID> {
        var lost: Set<JobID> = []
        for (partition, claims) in Dictionary(grouping: claims, by: \.spec.id.partition) {
            // In parts, because a server does nothing else while a script runs.
            for part in BatchLimits().parts(claims, size: { _ in 0 }) {
                lost.formUnion(
                    try await evaluate(QueueScripts.renew, partition, RenewLeases.arguments(part, lease: lease)) {
                        RenewLeases.lost($0)
                    })
            }
        }
        return lost
    }

    package func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome {
        try await settlements[try index(settlement.id.partition)].call(settlement)
    }

    package func record(_ id: JobID) async throws(StoreError) -> JobRecord? {
        guard id.partition < configuration.partitions else { return nil }
        return try await Self.record(id, reads)
    }

    private static func record(_ id: JobID, _ readers: [Batcher<JobID, ReadRecord.Found?>]) async throws(StoreError)
        -> JobRecord?
    {
        while true {
            if let found = try await readers[id.partition].call(id) { return try ReadRecord.record(found) }
        }
    }

    package func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?)
        async throws(StoreError) -> JobRecord?
    {
        guard id.partition < configuration.partitions else { return nil }
        let deadline = ContinuousClock.now + wait
        var watched = id
        while true {
            let reserved = deadline > .now ? watch.takeReserved(watched) : nil
            let ticket = reserved?.ticket ?? watch.register(watched)
            defer { watch.leave(ticket) }
            // One that was submitted as watched need not be read before its end.
            var record = reserved.map { JobRecord(spec: $0.spec, state: .queued) }
            if record == nil { record = try await Self.record(watched, watches) }
            // An alias is announced under the name of the job that it stands for.
            if let found = record, !Self.isOver(found, deadline, interruption), found.spec.id == watched {
                await watch.wait(ticket, until: deadline, unless: interruption)
                // The server may be the reason why somebody gives up: it is not asked again.
                if interruption?.isRaised == true { return found }
                record = try await Self.record(watched, reads)
            }
            guard let record, !Self.isOver(record, deadline, interruption) else { return record }
            watched = record.spec.id
        }
    }

    private static func isOver(
        _ record: JobRecord, _ deadline: ContinuousClock.Instant, _ interruption: Interruption?
    ) -> Bool { record.state.isTerminal || Task.isCancelled || interruption?.isRaised == true || deadline <= .now }

    package func body(_ id: JobID) async throws(StoreError) -> [UInt8]? {
        guard id.partition < configuration.partitions else { return nil }
        let reply = try await evaluate(QueueScripts.body, id.partition, [.string(id.description)]) { $0 }
        return reply.bytes.flatMap { $0.isEmpty ? nil : Array($0) }
    }

    package func waitForWork(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        let keys = partitions.map { RedisArgument.string(QueueKeys.wake($0)) }
        let seconds = RedisArgument.string(String(max(0.001, wait.inSeconds)))
        do { _ = try await client.blocking(["BLPOP"] + keys + [seconds], timeout: wait) } catch {
            throw StoreError(error)
        }
    }

    package func census() async throws(StoreError) -> [QueueCensus] {
        let queues = configuration.queues
        var parts: [[QueueCensus]] = []
        for partition in 0..<configuration.partitions {
            let replies: [RedisReply]
            do { replies = try await client.pipeline(TakeCensus.commands(partition, queues: queues)) } catch {
                throw StoreError(error)
            }
            guard let part = TakeCensus.census(replies, queues: queues) else { throw .unexpected("census") }
            parts.append(part)
        }
        return TakeCensus.sum(parts)
    }

    private func listen() async {
        let ends = Set((0..<configuration.partitions).map(QueueKeys.ended))
        let channels = ends + (0..<configuration.partitions).map(QueueKeys.logged)
        do {
            try await client.subscribe(
                channels,
                onMessage: { channel, payload in
                    guard let id = JobID(utf8: payload) else { return }
                    if ends.contains(channel) { self.watch.announce(id) }
                    self.logWatch.announce(id)
                },
                onGap: {
                    self.watch.announceAll()
                    self.logWatch.announceAll()
                })
        } catch {
            if !Task.isCancelled { logger.error("subscription ended", metadata: ["error": "\(error)"]) }
        }
    }

    func send(_ command: [RedisArgument]) async throws(StoreError) -> RedisReply {
        do { return try await client.send(command) } catch { throw StoreError(error) }
    }

    func evaluate<Value: Sendable>(
        _ script: RedisScript, _ partition: Int, _ arguments: [RedisArgument], _ read: (RedisReply) -> Value?
    ) async throws(StoreError) -> Value {
        try await Self.evaluate(client, script, partition, arguments, read).get()
    }

    func index(_ partition: Int) throws(StoreError) -> Int {
        guard partition < configuration.partitions else {
            throw StoreError(
                .protocolViolation, "partition \(partition) is beyond the \(configuration.partitions) of worker.json")
        }
        return partition
    }

    private static func evaluate<Value: Sendable>(
        _ client: RedisClient, _ script: RedisScript, _ partition: Int, _ arguments: [RedisArgument],
        _ read: (RedisReply) -> Value?
    ) async -> Result<Value, StoreError> {
        do throws(StoreError) {
            return .success(try await client.evaluate(script, prefix: QueueKeys.prefix(partition), arguments, read))
        } catch {
            return .failure(error)
        }
    }
}
