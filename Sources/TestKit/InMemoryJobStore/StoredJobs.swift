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

    private let queues: [String]
    let crashLimit: Int
    var jobs: [JobID: StoredJob] = [:]
    /// What waits for a worker, oldest first.
    var streams: [Lane: [Entry]] = [:]
    private var keys: [Key: (content: String, id: JobID)] = [:]

    init(queues: [String], crashLimit: Int) {
        self.queues = queues
        self.crashLimit = crashLimit
    }

    /// Sending the same job again is harmless.
    mutating func submit(_ spec: JobSpec, at now: Timestamp) -> SubmitOutcome {
        if jobs[spec.id] != nil { return .accepted }
        if let idempotency = spec.idempotency {
            let key = Key(partition: spec.id.partition, digest: idempotency.key)
            if idempotency.source != .firstSend, let known = keys[key] {
                return known.content == idempotency.content ? .duplicate(of: known.id) : .conflict(with: known.id)
            }
            keys[key] = (idempotency.content, spec.id)
        }
        jobs[spec.id] = StoredJob(spec.stored)
        enqueue(spec.id, at: now)
        return .accepted
    }

    /// As it is read from Redis: without the body, which nobody who polls needs.
    func record(_ id: JobID) -> JobRecord? {
        guard var record = jobs[id]?.record else { return nil }
        record.spec.body = []
        return record
    }

    mutating func renew(_ claims: [Claim], until end: Timestamp) -> Set<JobID> {
        var lost: Set<JobID> = []
        for claim in claims {
            if jobs[claim.spec.id]?.isHeld(at: claim.epoch) == true {
                jobs[claim.spec.id]?.leaseEnds = end
            } else {
                lost.insert(claim.spec.id)
            }
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
                oldestAge: oldest.map { max(.zero, now - $0) } ?? .zero)
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
