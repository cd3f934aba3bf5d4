import JobFlow

extension StoredJobs {
    mutating func append(_ addition: JobEventAddition, of claim: Claim) -> AppendOutcome {
        guard var job = jobs[claim.spec.id], job.isHeld(by: claim.token) else { return .refused }
        let isSame = job.log.last?.attempt == addition.attempt
        let had = isSame ? job.logged : 0
        guard had >= addition.offset else { return .refused }
        if !isSame, !job.log.isEmpty { job.log(.restart, addition.attempt) }
        let new = Array(addition.bytes.dropFirst(had - addition.offset))
        if !new.isEmpty { job.log(.piece(new), addition.attempt) }
        if addition.isEnd, job.log.last?.kind != .end { job.log(.end, addition.attempt) }
        job.logged = max(had, addition.offset + addition.bytes.count)
        jobs[claim.spec.id] = job
        return .appended
    }

    func page(_ id: JobID, from sequence: Int) -> JobEventPage? {
        jobs[resolve(id)].map { job in
            JobEventPage(events: Array(job.log.dropFirst(sequence).prefix(200)), standing: job.standing)
        }
    }
}

extension StoredJob {
    fileprivate mutating func log(_ kind: JobEvent.Kind, _ attempt: Int) {
        log.append(JobEvent(sequence: log.count, attempt: attempt, kind: kind))
    }
}
