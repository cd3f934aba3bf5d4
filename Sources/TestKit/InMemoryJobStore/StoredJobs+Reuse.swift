import JobFlow

/// The key of an answer, in its partition.
struct AnswerName: Hashable, Sendable {
    var partition: Int
    var key: String
}

struct KeptAnswer: Sendable {
    /// Nil: there is none that others may have, and equal jobs do not wait for each other.
    var settlement: Settlement?
    var since: Timestamp
    var until: Timestamp
}

extension StoredJobs {
    /// The stored answer that serves this job, if one does.
    func answer(for id: JobID, _ request: ClaimRequest, _ now: Timestamp) -> StoredAnswer? {
        guard let job = jobs[id], let reuse = job.record.spec.reuse, let kept = kept(job, now),
            let settlement = kept.settlement, case .completed(let result, let usage) = settlement.verdict
        else { return nil }
        let age = now - kept.since
        let servedBy: JobResult.ServedBy
        if age < reuse.ttl {
            servedBy = job.isParked ? .coalesced : .cache
        } else if request.servesStale, age < reuse.ttl + reuse.staleFor {
            servedBy = .stale
        } else {
            return nil
        }
        return StoredAnswer(
            statusCode: result.statusCode, body: result.body, endpoint: result.endpoint ?? "", usage: usage, age: age,
            servedBy: servedBy)
    }

    private func kept(_ job: StoredJob, _ now: Timestamp) -> KeptAnswer? {
        job.answerName.flatMap { answers[$0] }.flatMap { $0.until > now ? $0 : nil }
    }

    /// Whether the job has to wait for the call of an equal one. If not, it is its own call that equal ones wait for.
    mutating func follows(_ id: JobID, _ request: ClaimRequest) -> Bool {
        guard let name = jobs[id]?.answerName else { return false }
        if let kept = answers[name], kept.settlement == nil { return false }
        guard let leader = flights[name], leader != id, leads(leader, request) else {
            flights[name] = id
            return false
        }
        jobs[id]?.isParked = true
        if followers[name]?.contains(id) != true { followers[name, default: []].append(id) }
        return true
    }

    private func leads(_ id: JobID, _ request: ClaimRequest) -> Bool {
        guard let job = jobs[id] else { return false }
        return job.record.state == .inProgress || (job.isWaiting && request.serves(job.queue))
    }

    /// Nobody waits for the answer of a job that is gone, or waits itself where nothing is claimed.
    mutating func releaseForsaken(_ request: ClaimRequest, _ now: Timestamp) {
        answers = answers.filter { $0.value.until > now }
        for name in followers.keys where name.partition == request.partition {
            if let leader = flights[name], leads(leader, request) { continue }
            if isNextOnItsWay(name, request) { continue }
            flights[name] = nil
            release(name, at: now)
        }
    }

    /// The next to be called for waits in a stream.
    private func isNextOnItsWay(_ name: AnswerName, _ request: ClaimRequest) -> Bool {
        streams.contains { lane, entries in
            request.serves(lane.queue) && entries.contains { jobs[$0.id]?.answerName == name }
        }
    }

    /// A job has ended, in whatever way.
    mutating func landed(_ id: JobID, at now: Timestamp) {
        tell(id, at: now)
        guard let name = jobs[id]?.answerName, flights[name] == id else { return }
        flights[name] = nil
        release(name, at: now)
    }

    /// With an answer all may go, without one the first that still waits.
    private mutating func release(_ name: AnswerName, at now: Timestamp) {
        let waiting = (followers[name] ?? []).filter { jobs[$0]?.record.state == .queued }
        let free = answers[name] == nil ? waiting.prefix(1) : waiting[...]
        for id in free { enqueue(id, at: now) }
        followers[name] = free.count < waiting.count ? Array(waiting.dropFirst(free.count)) : nil
    }

    mutating func keepAnswer(of settlement: Settlement, at now: Timestamp) {
        guard case .completed(let result, _) = settlement.verdict, result.servedBy == .endpoint,
            let name = jobs[settlement.id]?.answerName, let reuse = jobs[settlement.id]?.record.spec.reuse
        else { return }
        if result.isReusable, settlement.occasion == .claim {
            let until = now + (reuse.ttl + reuse.staleFor)
            answers[name] = KeptAnswer(
                settlement: settlement, since: now, until: max(until, answers[name]?.until ?? until))
        } else if flights[name] == settlement.id {
            answers[name] = KeptAnswer(since: now, until: now + .seconds(60))
        }
    }
}

extension StoredJob {
    fileprivate var answerName: AnswerName? {
        record.spec.reuse.map { AnswerName(partition: record.spec.id.partition, key: $0.key) }
    }
}

extension ClaimRequest {
    func serves(_ queue: String) -> Bool { shares.contains { $0.queue == queue } }
}
