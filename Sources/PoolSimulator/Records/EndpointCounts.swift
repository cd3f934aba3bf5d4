/// What happened at one endpoint since the last reset.
package struct EndpointCounts: Sendable {
    package private(set) var calls = 0
    package private(set) var byStatus: [Int: Int] = [:]
    package private(set) var byDeployment: [String: Int] = [:]
    package private(set) var inflight = 0
    package private(set) var peakInflight = 0
    package private(set) var tokensAdmitted = 0
    package private(set) var tokensUsed = 0
    /// As the gate counts them.
    package private(set) var tokensAdmittedWeighted = 0
    /// What finished calls cost the gate.
    package private(set) var tokensUsedWeighted = 0
    package private(set) var resets = 0
    package private(set) var hangs = 0
    package private(set) var clientAborts = 0
    /// Lists of models that were asked for.
    package private(set) var looks = 0
    /// Calls that another endpoint took over; they are counted there.
    package private(set) var spilled = 0

    /// `deployment` is given only when it exists, so the table cannot grow by what clients invent.
    mutating func begin(deployment: String?, decision: Decision, tokens: Int, weighted: Int) {
        calls += 1
        inflight += 1
        peakInflight = max(peakInflight, inflight)
        if let deployment { byDeployment[deployment, default: 0] += 1 }
        if decision.isAdmitted { tokensAdmitted += tokens }
        tokensAdmittedWeighted += weighted
        if decision == .hang { hangs += 1 }
    }

    mutating func end(_ outcome: CallOutcome, tokensUsed used: Int, weighted: Int) {
        inflight -= 1
        tokensUsed += used
        tokensUsedWeighted += weighted
        if let status = outcome.status { byStatus[status, default: 0] += 1 }
        switch outcome {
        case .reset: resets += 1
        case .clientAbort: clientAborts += 1
        case .answered, .spoiled, .refused, .dropped: break
        }
    }

    mutating func look() { looks += 1 }

    mutating func spillAway() { spilled += 1 }

    /// Calls that were answered 429.
    package var throttled: Int { byStatus[429] ?? 0 }

    /// Forgets everything but the calls that are still open.
    mutating func reset() {
        let open = inflight
        self = EndpointCounts()
        inflight = open
        peakInflight = open
    }
}
