import JobFlow

extension StoredJobs {
    mutating func cancel(_ id: JobID, at now: Timestamp) -> CancelOutcome {
        let id = resolve(id)
        guard var job = jobs[id] else { return .missing }
        if job.record.state == .cancelled { return .cancelled(epoch: job.epoch, from: nil) }
        if job.record.state.isTerminal { return .ended(job.record.state) }
        let state = job.record.state
        if state == .inProgress { job.closed = ClaimToken(epoch: job.epoch, worker: job.worker) }
        unqueue(id)
        job.enter(.cancelled, at: now)
        jobs[id] = job
        landed(id, at: now)
        return .cancelled(epoch: job.epoch, from: state)
    }

    mutating func retry(_ id: JobID, at now: Timestamp) -> ControlOutcome {
        let id = resolve(id)
        guard var job = jobs[id], !job.body.isEmpty else { return .missing }
        guard job.record.state.isTerminal, job.record.state != .completed else { return .refused(job.record.state) }
        job.restart(at: now)
        jobs[id] = job
        enqueue(id, at: now)
        return .done
    }

    mutating func delete(_ id: JobID) -> ControlOutcome {
        guard let job = jobs[resolve(id)] else { return .missing }
        guard job.record.state.isTerminal else { return .refused(job.record.state) }
        forget(id)
        return .done
    }

    func list(_ page: JobPage) -> JobList {
        let all = jobs.values.filter { $0.record.state == page.state }
            .sorted { ($0.enteredAt, $0.record.spec.id.ulid) > ($1.enteredAt, $1.record.spec.id.ulid) }
        var rest = all[...]
        if let after = page.after { rest = all.drop { $0.record.spec.id != after }.dropFirst() }
        var list = JobList()
        for job in rest.prefix(page.looks) where list.jobs.count < page.limit {
            list.last = job.record.spec.id
            if job.fits(page), let record = record(job.record.spec.id) { list.jobs.append(record) }
        }
        list.hasMore = list.last != nil && list.last != all.last?.record.spec.id
        return list
    }
}

extension StoredJob {
    fileprivate mutating func restart(at now: Timestamp) {
        enter(.queued, at: now)
        if let deadline = record.spec.deadline, deadline <= now { record.spec.deadline = nil }
        // What was known of the first end belongs to an older epoch from here on.
        epoch += 1
        (spent, rounds, crashes) = (0, 0, 0)
        (record.finishedAt, record.result, record.error, record.usage) = (nil, nil, nil, nil)
        (closed, settledBy, isParked, record.webhook) = (nil, nil, false, nil)
    }

    fileprivate func fits(_ page: JobPage) -> Bool {
        (page.queue ?? queue) == queue
            && (page.reason == nil || record.error?.code == page.reason)
            && (page.since.map { enteredAt >= $0 } ?? true) && (page.until.map { enteredAt < $0 } ?? true)
    }
}
