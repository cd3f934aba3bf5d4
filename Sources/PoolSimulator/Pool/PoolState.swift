/// Everything about the pool that changes; one value behind one lock.
struct PoolState: Sendable {
    var endpoints: [EndpointState]
    /// Numbers the calls; never reset, so that no two calls get the same identifiers.
    private var calls = 0
    private var inflight = 0
    private var peakInflight = 0
    private var jobs = AnsweredJobs()
    private var log = CallLog()

    init(_ endpoints: [EndpointState]) { self.endpoints = endpoints }

    mutating func begin(_ arrival: Arrival, now: Int64) -> CallTicket {
        calls += 1
        inflight += 1
        peakInflight = max(peakInflight, inflight)
        let decision = endpoints[arrival.endpoint].decide(arrival.facts, now: now)
        let endpoint = endpoints[arrival.endpoint]
        endpoints[arrival.endpoint].counts.begin(
            deployment: arrival.deployment, decision: decision, tokens: arrival.facts.estimatedTokens)
        let record = arrival.job.map {
            CallRecord(
                number: calls, job: $0, endpoint: arrival.endpoint, attempt: arrival.attempt,
                correlationID: arrival.correlationID, at: now)
        }
        let tokens = endpoint.behaviour.answerTokens(asked: arrival.facts.outputTokens)
        return CallTicket(
            number: calls, record: record.map { log.begin($0) }, decision: decision, at: now,
            room: endpoint.room(now: now) ?? .plenty,
            usage: AnswerUsage(prompt: arrival.request.promptTokens, completion: tokens),
            answerBytes: endpoint.behaviour.answerBytes ?? tokens * 4)
    }

    mutating func end(_ arrival: Arrival, _ ticket: CallTicket, _ outcome: CallOutcome) {
        inflight -= 1
        let used = ticket.used(outcome)
        if ticket.decision.isAdmitted {
            endpoints[arrival.endpoint].correct(estimated: arrival.facts.estimatedTokens, used: used)
        }
        endpoints[arrival.endpoint].counts.end(outcome, tokensUsed: used)
        if let record = ticket.record { log.end(record, outcome) }
        if outcome == .answered, let job = arrival.job { jobs.answer(StableHash.of(job)) }
    }

    mutating func reset() {
        peakInflight = inflight
        jobs.reset()
        log.reset()
        for index in endpoints.indices { endpoints[index].counts.reset() }
    }

    func calls(of job: String) -> [CallRecord] { log.calls(of: job) }

    var allCalls: [CallRecord] { log.all }

    func stats(names: [String]) -> AdminValue {
        let counts = zip(names, endpoints).map { ($0, $1.counts.json) }
        return .object([
            "calls": .number(endpoints.reduce(0) { $0 + $1.counts.calls }),
            "by_endpoint": .object(Dictionary(uniqueKeysWithValues: counts)),
            "inflight": .number(inflight), "peak_inflight": .number(peakInflight),
            "answered_jobs": .number(jobs.answered), "duplicates": .number(jobs.duplicates),
        ])
    }
}
