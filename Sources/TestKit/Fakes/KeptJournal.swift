import JobFlow

/// What a journal holds.
struct KeptJournal: Sendable {
    struct Accepted: Sendable {
        var place: Int64
        var spec: JobSpec
        var queuedAt: Timestamp?
        var hasEnded = false
    }

    struct EndKey: Hashable, Sendable {
        var job: JobID
        var token: ClaimToken
    }

    struct End: Sendable {
        var place: Int64
        var settlement: Settlement
        var confirmedAt: Timestamp?
    }

    private var lastPlace: Int64 = 0
    private var jobs: [JobID: Accepted] = [:]
    private(set) var ends: [EndKey: End] = [:]
    var attempts: [AuditedAttempt] = []
    var servers: [String: ServerIdentity] = [:]

    mutating func accept(_ spec: JobSpec, at now: Timestamp) {
        if jobs[spec.id] == nil { jobs[spec.id] = Accepted(place: nextPlace(), spec: spec) }
    }

    mutating func queued(_ ids: [JobID], at now: Timestamp) {
        for id in ids { jobs[id]?.queuedAt = now }
    }

    mutating func withdraw(_ id: JobID) { if jobs[id]?.queuedAt == nil { jobs[id] = nil } }

    mutating func forget(_ id: JobID) { jobs[id] = nil }

    mutating func ended(_ ids: [JobID]) {
        for id in ids { jobs[id]?.hasEnded = true }
    }

    func known(_ idempotency: Idempotency) -> KnownJob? {
        guard idempotency.source != .firstSend else { return nil }
        let newest = jobs.values.filter { $0.spec.idempotency?.key == idempotency.key }.max { $0.place < $1.place }
        return newest.map {
            KnownJob(id: $0.spec.id, hasSameContent: $0.spec.idempotency?.content == idempotency.content)
        }
    }

    var spooled: [(Int64, JobSpec)] { waiting { $0.queuedAt == nil } }

    private func waiting(_ isWanted: (Accepted) -> Bool) -> [(Int64, JobSpec)] {
        jobs.values.filter { !$0.hasEnded && isWanted($0) }.sorted { $0.place < $1.place }.map { ($0.place, $0.spec) }
    }

    func accepted(since: Timestamp) -> [(Int64, JobSpec)] { waiting { $0.queuedAt.map { $0 >= since } ?? true } }

    var underway: [(Int64, JobSpec)] { waiting { $0.queuedAt != nil } }

    mutating func record(_ settlement: Settlement) {
        attempts += settlement.auditedAttempts
        guard settlement.verdict.terminalState != nil || !settlement.attempts.isEmpty else { return }
        let key = EndKey(job: settlement.id, token: settlement.token)
        if ends[key] == nil { ends[key] = End(place: nextPlace(), settlement: settlement) }
    }

    mutating func settled(_ settlement: Settlement, _ outcome: SettleOutcome, at now: Timestamp) {
        let key = EndKey(job: settlement.id, token: settlement.token)
        if outcome.isWritten, settlement.verdict.terminalState != nil {
            ends[key]?.confirmedAt = now
        } else if ends[key]?.confirmedAt == nil {
            ends[key] = nil
        }
    }

    mutating func confirm(_ settlement: Settlement, at now: Timestamp) {
        let key = EndKey(job: settlement.id, token: settlement.token)
        ends[key] = End(place: nextPlace(), settlement: settlement, confirmedAt: now)
    }

    mutating func forgetEnd(_ id: JobID) {
        ends = ends.filter { $0.key.job != id }
        jobs[id]?.hasEnded = false
    }

    var unsettled: [(Int64, Settlement)] { settlements(.late) { $0.confirmedAt == nil } }

    func confirmed(since: Timestamp) -> [(Int64, Settlement)] {
        settlements(.restored) { end in
            end.settlement.verdict.terminalState != nil && end.confirmedAt.map { $0 >= since } == true
        }
    }

    func record(_ id: JobID) -> JobRecord? {
        let end = ends.values.filter { $0.settlement.id == id && $0.confirmedAt != nil }.max { $0.place < $1.place }
        if let end { return JobRecord(end.settlement, at: end.confirmedAt) }
        guard var spec = jobs[id].flatMap({ $0.hasEnded ? nil : $0.spec }) else { return nil }
        spec.body = []
        spec.idempotency = nil
        return JobRecord(spec: spec, state: .queued)
    }

    private func settlements(_ occasion: Settlement.Occasion, _ isWanted: (End) -> Bool) -> [(Int64, Settlement)] {
        ends.values.filter(isWanted).sorted { $0.place < $1.place }.map { end in
            var settlement = end.settlement
            settlement.occasion = occasion
            settlement.spec.body = []
            return (end.place, settlement)
        }
    }

    private mutating func nextPlace() -> Int64 {
        lastPlace += 1
        return lastPlace
    }
}

extension JobRecord {
    fileprivate init?(_ end: Settlement, at moment: Timestamp?) {
        guard let state = end.verdict.terminalState else { return nil }
        var spec = end.spec
        spec.body = []
        self.init(spec: spec, state: state, attempts: end.attempts.count, finishedAt: moment)
        switch end.verdict {
        case .completed(let result, let usage): (self.result, self.usage) = (result, usage)
        case .failed(let error, let answer): (self.error, result) = (error, answer)
        case .expired: error = .deadlineExceeded
        case .cancelled, .retry, .released: break
        }
    }
}
