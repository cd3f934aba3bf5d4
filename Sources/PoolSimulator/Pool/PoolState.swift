/// The endpoints and all that is recorded of their calls; one value behind one lock.
struct PoolState: Sendable {
    var pool: SimulatedPoolState
    /// Numbers the calls; never reset, so that no two calls get the same identifiers.
    private var calls = 0
    private var inflight = 0
    private var peakInflight = 0
    private var jobs = AnsweredJobs()
    private var log = CallLog()

    init(_ pool: SimulatedPoolState) { self.pool = pool }

    mutating func begin(_ arrival: Arrival, now: Int64) -> CallTicket {
        calls += 1
        inflight += 1
        peakInflight = max(peakInflight, inflight)
        let routed = pool.begin(arrival.facts, at: arrival.endpoint, now: now)
        let record = arrival.job.map {
            CallRecord(
                number: calls, job: $0, endpoint: routed.asked, servedBy: routed.served, attempt: arrival.attempt,
                correlationID: arrival.correlationID, at: now)
        }
        return CallTicket(number: calls, record: record.map { log.begin($0) }, at: now, routed: routed)
    }

    mutating func end(_ arrival: Arrival, _ ticket: CallTicket, _ outcome: CallOutcome, now: Int64) {
        inflight -= 1
        pool.end(ticket.routed, outcome, now: now)
        if let record = ticket.record { log.end(record, outcome) }
        if outcome == .answered, let job = arrival.job { jobs.answer(StableHash.of(job)) }
    }

    mutating func reset(now: Int64) {
        peakInflight = inflight
        jobs.reset()
        log.reset()
        pool.reset(now: now)
    }

    func calls(of job: String) -> [CallRecord] { log.calls(of: job) }

    var allCalls: [CallRecord] { log.all }

    func stats(now: Int64) -> AdminValue {
        let counts = zip(pool.endpoints, pool.states).map { ($0.name, $1.counts.json($1.load(now: now))) }
        return .object([
            "calls": .number(pool.states.reduce(0) { $0 + $1.counts.calls }),
            "by_endpoint": .object(Dictionary(uniqueKeysWithValues: counts)),
            "inflight": .number(inflight), "peak_inflight": .number(peakInflight),
            "answered_jobs": .number(jobs.answered), "duplicates": .number(jobs.duplicates),
        ])
    }
}
