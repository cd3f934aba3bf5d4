/// What happened at one endpoint since the last reset.
struct EndpointCounts: Sendable {
    private(set) var calls = 0
    private(set) var byStatus: [Int: Int] = [:]
    private(set) var byDeployment: [String: Int] = [:]
    private(set) var inflight = 0
    private(set) var peakInflight = 0
    private(set) var tokensAdmitted = 0
    private(set) var tokensUsed = 0
    private(set) var resets = 0
    private(set) var hangs = 0
    private(set) var clientAborts = 0

    /// `deployment` is given only when it exists, so the table cannot grow by what clients invent.
    mutating func begin(deployment: String?, decision: Decision, tokens: Int) {
        calls += 1
        inflight += 1
        peakInflight = max(peakInflight, inflight)
        if let deployment { byDeployment[deployment, default: 0] += 1 }
        if decision.isAdmitted { tokensAdmitted += tokens }
        if decision == .hang { hangs += 1 }
    }

    mutating func end(_ outcome: CallOutcome, tokensUsed used: Int) {
        inflight -= 1
        tokensUsed += used
        if let status = outcome.status { byStatus[status, default: 0] += 1 }
        switch outcome {
        case .reset: resets += 1
        case .clientAbort: clientAborts += 1
        case .answered, .spoiled, .refused, .dropped: break
        }
    }

    /// Forgets everything but the calls that are still open.
    mutating func reset() {
        let open = inflight
        self = EndpointCounts()
        inflight = open
        peakInflight = open
    }

    var json: AdminValue {
        .object([
            "calls": .number(calls),
            "by_status": .object(Dictionary(uniqueKeysWithValues: byStatus.map { ("\($0)", .number($1)) })),
            "by_deployment": .object(byDeployment.mapValues { .number($0) }),
            "inflight": .number(inflight), "peak_inflight": .number(peakInflight),
            "tokens_admitted": .number(tokensAdmitted), "tokens_used": .number(tokensUsed),
            "resets": .number(resets), "hangs": .number(hangs), "client_aborts": .number(clientAborts),
        ])
    }
}
