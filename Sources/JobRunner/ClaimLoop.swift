import JobFlow

/// Visits the partitions: takes what there is room for, hands it on, and rests until there is reason to look again.
struct ClaimLoop: Sendable {
    let store: any JobStore
    let recovery: any QueueRecovery
    let completer: any PromptCompleter
    let audit: any AuditSink
    let held: HeldClaims
    let wakeup: Wakeup
    let want: WantOfRoom
    let configuration: RunnerConfiguration
    let events: RunnerEvents
    let tracer: JobTracer?
    let now: WallClock
    let liveness: Liveness
    let horizon: SpillHorizon

    /// Runs until draining or cancelled.
    func run(start: (Claim) -> Void) async {
        var failures = 0
        var partitions = (0..<configuration.partitions).map(PartitionVisit.init)
        while !held.slots.now.isDraining, !Task.isCancelled {
            do throws(StoreError) {
                let rest = try await visitAll(&partitions, start: start)
                liveness.claimed()
                if failures > 0 { events.storeIsBack() }
                failures = 0
                if rest > .zero { await wakeup.sleep(atMost: rest) }
            } catch {
                guard error.code != .cancelled else { return }
                liveness.turned()
                // Found out by looking: the next visit begins with the recovery.
                if error.code == .serverChanged { continue }
                failures += 1
                if failures == 1 { events.storeFailed(error) }
                await wakeup.sleep(atMost: Self.pause(failures))
            }
        }
    }

    /// Returns how long nothing more can be done.
    private func visitAll(_ partitions: inout [PartitionVisit], start: (Claim) -> Void) async throws(StoreError)
        -> Duration
    {
        var rest = configuration.tick
        var isShort = false
        // Before it is looked at: what becomes free meanwhile is not missed.
        want.isThere = true
        for index in partitions.indices {
            let capacity = completer.capacity()
            let leaseEnds = configuration.uptime() + configuration.lease
            let (round, hadRoom) = try await visit(&partitions[index], capacity)
            held.take(round.claims, leaseEnds: leaseEnds)
            round.claims.forEach(start)
            report(round)
            let need = SpillPlan.need(
                due: round.deadlines, rate: capacity.rate, partitions: configuration.partitions,
                callTime: capacity.callTime)
            horizon[partitions[index].number] = need.horizon
            partitions[index].pace.plan(need, at: configuration.uptime())
            let room = held.slots.now.room(capacity.withoutExtraCost, at: configuration.uptime())
            isShort = isShort || !hadRoom || room == 0
            rest = min(rest, ClaimPlan.rest(after: round, room: room, capacity: capacity, tick: configuration.tick))
        }
        want.isThere = isShort
        return rest
    }

    /// A round whose reply was lost is asked for again as it was: it may have been carried out.
    ///
    /// - Returns: also whether there was room for jobs that cost nothing extra.
    private func visit(_ partition: inout PartitionVisit, _ capacity: PoolCapacity) async throws(StoreError)
        -> (ClaimRound, hadRoom: Bool)
    {
        if partition.server == nil {
            partition.server = try await recovery.recover(
                partition.number, holding: held.claims(in: partition.number))
        }
        guard let server = partition.server else { return (ClaimRound(), false) }
        do throws(StoreError) {
            let room = room(capacity)
            let round = try await store.claim(request(&partition, server, capacity, room))
            partition.round += 1
            partition.pace.took(round.claims.count, cheap: room.cheap)
            return (round, room.cheap > 0)
        } catch {
            // Whatever it was, it may have lasted longer than our leases: what we hold and have settled goes first.
            partition.server = nil
            throw error
        }
    }

    private func report(_ round: ClaimRound) {
        if !round.reclaimed.isEmpty || !round.ended.isEmpty {
            audit.note(round.reclaimed.map(\.audited), round.ended)
            tracer?.found(round.reclaimed, round.ended, at: now())
        }
        events.reclaimed(round.reclaimed.count)
        for job in round.ended {
            if let state = job.state { events.ended(id: job.id, queue: job.queue, state: state) }
        }
    }

    /// Jobs that may be taken, and as many of them as cost nothing extra.
    private func room(_ capacity: PoolCapacity) -> (limit: Int, cheap: Int) {
        let (slots, uptime) = (held.slots.now, configuration.uptime())
        return (
            min(slots.room(capacity, at: uptime), configuration.claimBatch),
            min(slots.room(capacity.withoutExtraCost, at: uptime), configuration.claimBatch)
        )
    }

    private func request(
        _ partition: inout PartitionVisit, _ server: ServerIdentity, _ capacity: PoolCapacity,
        _ room: (limit: Int, cheap: Int)
    ) -> ClaimRequest {
        var random = SystemRandomNumberGenerator()
        var request = ClaimRequest(
            partition: partition.number, worker: configuration.worker, lease: configuration.lease, limit: room.limit,
            round: partition.round, server: server,
            shares: ClaimPlan.shares(
                configuration.rules.current.queues, limit: room.limit, withoutExtraCost: room.cheap, random: &random))
        request.urgent = partition.pace.share(limit: room.limit, cheap: room.cheap)
        request.servesStale = capacity.isClosed
        return request
    }

    private static func pause(_ failures: Int) -> Duration {
        min(.milliseconds(50) * (1 << min(failures, 6)), .seconds(2))
    }
}

/// How far the claim loop is with one partition.
private struct PartitionVisit {
    let number: Int
    /// Counts the rounds that were answered.
    var round = 1
    var pace = SpillPace()
    /// Nil when the recovery has to look at it first.
    var server: ServerIdentity?

    init(number: Int) { self.number = number }
}
