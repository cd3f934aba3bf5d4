import JobFlow

/// Everything that the queue holds. Pure: time comes in.
struct StoredJobs: Sendable {
    struct Lane: Hashable, Sendable {
        var partition: Int
        var queue: String
    }

    struct Entry: Sendable {
        var id: JobID
        var since: Timestamp
    }

    private struct Key: Hashable, Sendable {
        var partition: Int
        var digest: String
    }

    /// A round that was answered, in case it is asked for again.
    struct Round: Sendable {
        var number: Int
        var claims: [Claim]
    }

    let queues: [String]
    let crashLimit: Int
    private let maximumLength: [String: Int]
    var jobs: [JobID: StoredJob] = [:]
    /// Promised jobs that stand for another one.
    private var aliases: [JobID: JobID] = [:]
    var rounds: [String: Round] = [:]
    /// What came under the keys of batches.
    var sentBatches: [BatchID: SentBatch] = [:]
    var paused: Set<String> = []
    /// The time of the last write.
    private(set) var pulse: Timestamp?
    private var members: [String: (server: ServerIdentity, seen: Timestamp)] = [:]
    /// What waits for a worker, oldest first.
    var streams: [Lane: [Entry]] = [:]
    /// Answers, the jobs whose calls equal ones wait for, and those that wait.
    var answers: [AnswerName: KeptAnswer] = [:]
    var flights: [AnswerName: JobID] = [:]
    var followers: [AnswerName: [JobID]] = [:]
    /// Ends that are to be told.
    var outbox = StoredOutbox()
    private var keys: [Key: (content: String, id: JobID)] = [:]

    init(queues: [String], crashLimit: Int, maximumLength: [String: Int]) {
        self.queues = queues
        self.crashLimit = crashLimit
        self.maximumLength = maximumLength
    }

    /// A server that knows nothing, with the same settings.
    var emptied: StoredJobs { StoredJobs(queues: queues, crashLimit: crashLimit, maximumLength: maximumLength) }

    mutating func beat(at now: Timestamp) { pulse = now }

    /// Those journals that have not told this server anything, and were there when its memory ended.
    mutating func announce(
        _ member: String, to server: ServerIdentity, at now: Timestamp, memory: Duration, reach: Timestamp?
    ) -> Set<String> {
        members[member] = (server, now)
        members = members.filter { _, told in
            told.server == server || reach.map { told.seen + memory >= $0 } ?? true
        }
        return Set(members.filter { $0.value.server != server }.keys)
    }

    /// Sending the same job again is harmless.
    mutating func submit(_ spec: JobSpec, isPromised: Bool, at now: Timestamp) -> SubmitOutcome {
        if let alias = aliases[spec.id] { return .aliased(to: alias) }
        if jobs[spec.id] != nil {
            if isPromised { complete(spec) }
            return .accepted
        }
        if let idempotency = spec.idempotency {
            let key = Key(partition: spec.id.partition, digest: idempotency.key)
            if idempotency.source != .firstSend, let known = keys[key], known.id != spec.id {
                let isSame = known.content == idempotency.content
                if isPromised { return keepPromise(spec, known.id, isSame: isSame, at: now) }
                return isSame ? .duplicate(of: known.id) : .conflict(with: known.id)
            }
            if !isPromised, let refusal = refusal(spec) { return refusal }
            keys[key] = (idempotency.content, spec.id)
        } else if !isPromised, let refusal = refusal(spec) {
            return refusal
        }
        jobs[spec.id] = StoredJob(spec.stored, at: now)
        enqueue(spec.id, at: now)
        return .accepted
    }

    /// A record that came back from a worker's journal lacks what only the intake has.
    private mutating func complete(_ spec: JobSpec) {
        if jobs[spec.id]?.body.isEmpty == true { jobs[spec.id]?.body = spec.body }
        jobs[spec.id]?.record.spec.callerLimit = spec.callerLimit
        guard let idempotency = spec.idempotency else { return }
        let key = Key(partition: spec.id.partition, digest: idempotency.key)
        if keys[key] == nil { keys[key] = (idempotency.content, spec.id) }
    }

    private mutating func keepPromise(_ spec: JobSpec, _ first: JobID, isSame: Bool, at now: Timestamp) -> SubmitOutcome
    {
        if isSame {
            aliases[spec.id] = first
            return .aliased(to: first)
        }
        var job = StoredJob(spec.stored, at: now)
        job.enter(.failed, at: now)
        job.record.error = JobError(
            code: "idempotency_conflict", message: "this idempotency key came with another request before",
            type: "invalid_request_error")
        jobs[spec.id] = job
        tell(spec.id, at: now)
        return .conflict(with: first)
    }

    private func refusal(_ spec: JobSpec) -> SubmitOutcome? {
        if let bound = maximumLength[spec.queue] {
            if jobs.values.count(where: { $0.queue == spec.queue && $0.isWaiting }) >= bound { return .full }
        }
        guard let most = spec.callerLimit else { return nil }
        let own = jobs.values.map(\.record).filter { $0.spec.caller == spec.caller && $0.spec.callerLimit != nil }
        return own.count { !$0.state.isTerminal } >= most ? .callerFull : nil
    }

    func resolve(_ id: JobID) -> JobID { aliases[id] ?? id }

    mutating func forget(_ id: JobID) {
        jobs[resolve(id)] = nil
        aliases[id] = nil
    }

    /// As it is read from Redis: without the body, which nobody who polls needs.
    func record(_ id: JobID) -> JobRecord? {
        guard var record = jobs[resolve(id)]?.record else { return nil }
        record.spec.body = []
        if record.spec.webhook != nil, record.webhook == nil {
            record.webhook = WebhookStatus(state: record.state.isTerminal ? .pending : .waiting)
        }
        return record
    }

    /// A record that is behind a claim has lost writes: there the claim is put in force again.
    mutating func renew(_ claims: [Claim], until end: Timestamp, on server: ServerIdentity, at now: Timestamp) -> Set<
        JobID
    > {
        var lost: Set<JobID> = []
        for claim in claims {
            guard var job = jobs[claim.spec.id], !job.record.state.isTerminal else {
                lost.insert(claim.spec.id)
                continue
            }
            if job.epoch < claim.epoch, claim.server != server {
                unqueue(claim.spec.id)
                job.hold(claim.token, at: now)
            }
            if job.isHeld(by: claim.token) { job.leaseEnds = end } else { lost.insert(claim.spec.id) }
            jobs[claim.spec.id] = job
        }
        return lost
    }

    func hasQueued(_ partition: Int) -> Bool {
        streams.contains { $0.key.partition == partition && !$0.value.isEmpty }
    }

    /// Jobs that ended well, expired or were cancelled are there no more; failed ones are the dead letters.
    func census(at now: Timestamp) -> [QueueCensus] {
        queues.map { queue in
            let states = jobs.values.filter { $0.queue == queue }.map(\.record.state)
            let counted = states.filter { !$0.isTerminal || $0 == .failed }
            let oldest = streams.filter { $0.key.queue == queue }.compactMap(\.value.first?.since).min()
            return QueueCensus(
                queue: queue, counts: Dictionary(counted.map { ($0, 1) }, uniquingKeysWith: +),
                oldestAge: oldest.map { max(.zero, now - $0) } ?? .zero, isPaused: paused.contains(queue))
        }
    }

    mutating func enqueue(_ id: JobID, at now: Timestamp) {
        guard let queue = jobs[id]?.queue else { return }
        streams[Lane(partition: id.partition, queue: queue), default: []].append(Entry(id: id, since: now))
    }

    mutating func unqueue(_ id: JobID) {
        guard let queue = jobs[id]?.queue else { return }
        streams[Lane(partition: id.partition, queue: queue)]?.removeAll { $0.id == id }
    }
}

extension JobSpec {
    /// What outlives the submission.
    fileprivate var stored: JobSpec {
        var copy = self
        copy.idempotency = nil
        return copy
    }
}
