import JobFlow

extension StoredJobs {
    /// Housekeeping of one partition, then up to `limit` jobs.
    mutating func claim(_ request: ClaimRequest, at now: Timestamp) -> ClaimRound {
        let here = living(in: request.partition)
        promote(here, now)
        var round = ClaimRound()
        reclaim(here, now, &round)
        expire(here, now, &round)
        for share in request.shares {
            take(min(share.jobs, request.limit - round.claims.count), from: share.queue, request, now, &round)
        }
        for share in request.shares {
            take(request.limit - round.claims.count, from: share.queue, request, now, &round)
        }
        round.hasMore = request.shares.contains { !entries(request.partition, $0.queue).isEmpty }
        round.nextDueIn = here.compactMap { jobs[$0]?.record.nextAttemptAt }.min().map { max(.zero, $0 - now) }
        return round
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
            job.abandon(at: now)
            round.reclaimed += 1
            if job.crashes >= crashLimit {
                job.enter(.failed, at: now)
                job.record.error = JobError(
                    code: "poison", message: "the worker died \(job.crashes) times while it ran this job",
                    type: "server_error")
                round.ended.append(EndedJob(id: id, queue: job.queue, state: .failed))
                jobs[id] = job
            } else {
                job.enter(.queued, at: now)
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
            round.ended.append(EndedJob(id: id, queue: job.queue, state: .expired))
        }
    }

    private mutating func take(
        _ count: Int, from queue: String, _ request: ClaimRequest, _ now: Timestamp, _ round: inout ClaimRound
    ) {
        let lane = Lane(partition: request.partition, queue: queue)
        for entry in entries(request.partition, queue).prefix(max(0, count)) {
            streams[lane]?.removeFirst()
            guard var job = jobs[entry.id] else { continue }
            job.epoch += 1
            job.enter(.inProgress, at: now)
            job.worker = request.worker
            job.claimedAt = now
            job.leaseEnds = now + request.lease
            job.record.startedAt = job.record.startedAt ?? now
            jobs[entry.id] = job
            round.claims.append(
                Claim(
                    spec: job.record.spec, epoch: job.epoch, attempts: job.record.attempts, spent: job.spent,
                    rounds: job.rounds))
        }
    }
}
