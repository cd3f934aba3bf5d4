import JobFlow

extension StoredJobs {
    /// Housekeeping of one partition, then up to `limit` jobs.
    mutating func claim(_ request: ClaimRequest, at now: Timestamp) -> ClaimRound {
        beat(at: now)
        if let again = answeredBefore(request, now) { return again }
        let here = living(in: request.partition)
        promote(here, now)
        var round = ClaimRound()
        reclaim(here, now, &round)
        expire(here, now, &round)
        let shares = request.shares.filter { !paused.contains($0.queue) }
        var request = request
        request.shares = shares
        releaseForsaken(request, now)
        takeStale(here, request, now, &round)
        request.limit += round.claims.count
        takeUrgent(here, request, now, &round)
        var taken: [String: Int] = [:]
        for share in shares {
            let count = min(share.jobs, share.most, request.limit - round.claims.count)
            taken[share.queue] = take(count, from: share.queue, request, now, &round)
        }
        for share in shares {
            let count = min(share.most - (taken[share.queue] ?? 0), request.limit - round.claims.count)
            taken[share.queue, default: 0] += take(count, from: share.queue, request, now, &round)
        }
        rounds[request.worker] = Round(number: request.round, claims: round.claims)
        let isCut = request.limit > 0 && round.claims.count >= request.limit
        round.hasMore = shares.contains {
            ((taken[$0.queue] ?? 0) < $0.most || isCut && $0.most > 0) && !entries(request.partition, $0.queue).isEmpty
        }
        round.nextDueIn = here.compactMap { jobs[$0]?.record.nextAttemptAt }.min().map { max(.zero, $0 - now) }
        round.deadlines = deadlines(in: request.partition, now)
        return round
    }

    /// The jobs of a round whose reply was lost, as far as they are still held. A round that comes after a later one brings
    /// none.
    private mutating func answeredBefore(_ request: ClaimRequest, _ now: Timestamp) -> ClaimRound? {
        guard let round = rounds[request.worker], round.number >= request.round else { return nil }
        guard round.number == request.round else { return ClaimRound(hasMore: true) }
        let claims = round.claims.filter { jobs[$0.spec.id]?.isHeld(by: $0.token) == true }
        for claim in claims { jobs[claim.spec.id]?.leaseEnds = now + request.lease }
        return ClaimRound(claims: claims, hasMore: true)
    }

    /// Jobs that have not ended, oldest first.
    private func living(in partition: Int) -> [JobID] {
        let living = jobs.filter { $0.key.partition == partition && !$0.value.record.state.isTerminal }
        return living.keys.sorted { $0.ulid < $1.ulid }
    }

    private func entries(_ partition: Int, _ queue: String) -> [Entry] {
        streams[Lane(partition: partition, queue: queue)] ?? []
    }

    private mutating func promote(_ ids: [JobID], _ now: Timestamp) {
        let due = ids.compactMap { id in jobs[id]?.record.nextAttemptAt.map { (id, $0) } }.filter { $0.1 <= now }
        for (id, _) in due.sorted(by: { $0.1 < $1.1 }) {
            jobs[id]?.enter(.queued, at: now)
            enqueue(id, at: now)
        }
    }

    private mutating func reclaim(_ ids: [JobID], _ now: Timestamp, _ round: inout ClaimRound) {
        for id in ids {
            guard var job = jobs[id], let end = job.leaseEnds, end <= now else { continue }
            round.reclaimed.append(job.abandon(at: now))
            if job.crashes >= crashLimit {
                job.enter(.failed, at: now)
                let error = JobError(
                    code: "poison", message: "the worker died \(job.crashes) times while it ran this job",
                    type: "server_error")
                job.record.error = error
                round.ended.append(job.ended(.failed(error, answer: nil)))
                jobs[id] = job
                landed(id, at: now)
            } else {
                // The owner stays: its answer still counts for as long as nobody claims the job.
                let owner = job.worker
                job.enter(.queued, at: now)
                job.worker = owner
                jobs[id] = job
                enqueue(id, at: now)
            }
        }
    }

    /// A job that a worker holds is ended by that worker.
    private mutating func expire(_ ids: [JobID], _ now: Timestamp, _ round: inout ClaimRound) {
        for id in ids {
            guard var job = jobs[id], job.isWaiting, let deadline = job.record.spec.deadline, deadline <= now else {
                continue
            }
            unqueue(id)
            job.expire(at: now)
            jobs[id] = job
            round.ended.append(job.ended(.expired))
            landed(id, at: now)
        }
    }

    private mutating func takeUrgent(
        _ ids: [JobID], _ request: ClaimRequest, _ now: Timestamp, _ round: inout ClaimRound
    ) {
        let near = ids.compactMap { id -> (id: JobID, deadline: Timestamp)? in
            guard let job = jobs[id], job.record.state == .queued, request.serves(job.queue),
                let deadline = job.record.spec.deadline, deadline <= now + request.urgent.within
            else { return nil }
            return (id, deadline)
        }
        let goal = round.claims.count + max(0, min(request.urgent.jobs, request.limit - round.claims.count))
        for (id, _) in near.sorted(by: { $0.deadline < $1.deadline }) where round.claims.count < goal {
            hold(id, request, now, &round)
        }
    }

    /// Returns how many it took.
    private mutating func take(
        _ count: Int, from queue: String, _ request: ClaimRequest, _ now: Timestamp, _ round: inout ClaimRound
    ) -> Int {
        let before = round.claims.count
        for entry in entries(request.partition, queue) where round.claims.count < before + max(0, count) {
            hold(entry.id, request, now, &round)
        }
        return round.claims.count - before
    }

    private mutating func hold(_ id: JobID, _ request: ClaimRequest, _ now: Timestamp, _ round: inout ClaimRound) {
        unqueue(id)
        let answer = answer(for: id, request, now)
        guard answer != nil || !follows(id, request), var job = jobs[id] else { return }
        job.hold(ClaimToken(epoch: job.epoch + 1, worker: request.worker), at: now)
        job.leaseEnds = now + request.lease
        jobs[id] = job
        var spec = job.record.spec
        spec.body = job.body
        var claim = Claim(
            spec: spec, epoch: job.epoch, attempts: job.record.attempts, spent: job.spent, rounds: job.rounds,
            worker: request.worker, server: request.server)
        claim.stored = answer
        round.claims.append(claim)
    }

    private mutating func takeStale(
        _ ids: [JobID], _ request: ClaimRequest, _ now: Timestamp, _ round: inout ClaimRound
    ) {
        guard request.servesStale else { return }
        for id in ids {
            guard let job = jobs[id], job.isWaiting, request.serves(job.queue),
                job.record.spec.reuse.map({ $0.staleFor > .zero }) == true, answer(for: id, request, now) != nil
            else { continue }
            hold(id, request, now, &round)
        }
    }

    private func deadlines(in partition: Int, _ now: Timestamp) -> [Int] {
        let all = living(in: partition).compactMap { jobs[$0]?.record.spec.deadline }
        return all.isEmpty ? [] : DeadlineHorizon.all.map { ahead in all.count { $0 <= now + ahead } }
    }
}

extension StoredJob {
    mutating func hold(_ token: ClaimToken, at now: Timestamp) {
        enter(.inProgress, at: now)
        epoch = token.epoch
        worker = token.worker
        claimedAt = now
        record.startedAt = record.startedAt ?? now
    }

    fileprivate func ended(_ verdict: Verdict) -> EndedJob {
        var spec = record.spec
        spec.body = []
        return EndedJob(spec: spec, epoch: epoch, verdict: verdict)
    }
}
