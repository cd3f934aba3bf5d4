import JobFlow

extension StoredJobs {
    mutating func cancel(_ id: JobID, at now: Timestamp) -> CancelOutcome {
        let id = resolve(id)
        guard var job = jobs[id] else { return .missing }
        if job.record.state == .cancelled { return .cancelled(epoch: job.epoch, wasWaiting: false) }
        if job.record.state.isTerminal { return .ended(job.record.state) }
        let isRun = job.record.state == .inProgress
        if isRun { job.closed = ClaimToken(epoch: job.epoch, worker: job.worker) }
        unqueue(id)
        job.enter(.cancelled, at: now)
        jobs[id] = job
        landed(id, at: now)
        return .cancelled(epoch: job.epoch, wasWaiting: !isRun)
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
        let all = jobs.values.filter { $0.fits(page) }
            .sorted { ($0.enteredAt, $0.record.spec.id.ulid) > ($1.enteredAt, $1.record.spec.id.ulid) }
            .compactMap { record($0.record.spec.id) }
        guard let after = page.after else { return Self.page(all[...], page.limit) }
        guard let start = all.firstIndex(where: { $0.spec.id == after }) else {
            return JobList(jobs: [], hasMore: false)
        }
        return Self.page(all[(start + 1)...], page.limit)
    }

    private static func page(_ jobs: ArraySlice<JobRecord>, _ limit: Int) -> JobList {
        JobList(jobs: Array(jobs.prefix(limit)), hasMore: jobs.count > limit)
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
        record.state == page.state && (page.queue ?? queue) == queue
            && (page.reason == nil || record.error?.code == page.reason)
            && (page.since.map { enteredAt >= $0 } ?? true) && (page.until.map { enteredAt < $0 } ?? true)
    }
}
