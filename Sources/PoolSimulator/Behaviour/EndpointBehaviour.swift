/// How an endpoint behaves. Every field can be changed while the simulator runs.
///
/// Shares are between 0 and 1, each is drawn on its own, and the first that hits wins, in this order: `blackout`,
/// `failNext`, reset, hang, throttle, error, the token bucket, garbage, truncate. What fails before the bucket costs no
/// tokens.
package struct EndpointBehaviour: Sendable, Equatable {
    /// Milliseconds before an answer (or an error other than 429) is sent.
    package var latencyMs: Double
    /// Milliseconds added for every token of the answer.
    package var msPerToken: Double
    /// Share of the delay by which it varies, in both directions.
    package var jitter: Double
    package var errorRate: Double
    package var errorStatus: Int
    /// Share of calls that get a 429 whatever the bucket says.
    package var throttleRate: Double
    /// Milliseconds that random and scripted 429s ask to wait; the bucket computes its own.
    package var retryAfterMs: Int
    /// Capacity of the bucket; `nil` admits everything.
    package var tokensPerMinute: Int?
    /// Share of calls that are taken and never answered.
    package var hangRate: Double
    /// Share of calls whose connection is reset (RST).
    package var resetRate: Double
    /// Share of calls that get a 200 whose body is not JSON.
    package var garbageRate: Double
    /// Share of calls whose answer stops in the middle of the body.
    package var truncateRate: Double
    /// Every call is reset, as if the region were gone.
    package var blackout: Bool
    /// Statuses of the next calls, one each; 200 lets that call through to the other fields.
    package var failNext: [Int]
    /// Exact length of the answer's text; `nil`: four bytes for each token.
    package var answerBytes: Int?

    package init(
        latencyMs: Double = 0, msPerToken: Double = 0, jitter: Double = 0, errorRate: Double = 0,
        errorStatus: Int = 500, throttleRate: Double = 0, retryAfterMs: Int = 1000, tokensPerMinute: Int? = nil,
        hangRate: Double = 0, resetRate: Double = 0, garbageRate: Double = 0, truncateRate: Double = 0,
        blackout: Bool = false, failNext: [Int] = [], answerBytes: Int? = nil
    ) {
        self.latencyMs = latencyMs
        self.msPerToken = msPerToken
        self.jitter = jitter
        self.errorRate = errorRate
        self.errorStatus = errorStatus
        self.throttleRate = throttleRate
        self.retryAfterMs = retryAfterMs
        self.tokensPerMinute = tokensPerMinute
        self.hangRate = hangRate
        self.resetRate = resetRate
        self.garbageRate = garbageRate
        self.truncateRate = truncateRate
        self.blackout = blackout
        self.failNext = failNext
        self.answerBytes = answerBytes
    }
}

extension EndpointBehaviour {
    /// Changes the named fields and leaves the others; on an error nothing is changed.
    mutating func apply(_ changes: [String: AdminValue], path: String) throws(SimulatorProblem) {
        var changed = self
        for (name, value) in changes.sorted(by: { $0.key < $1.key }) {
            let place = path.isEmpty ? name : "\(path).\(name)"
            guard let field = BehaviourField.named(name) else {
                let known = BehaviourField.all.map(\.name).joined(separator: ", ")
                throw SimulatorProblem(path: place, reason: "unknown; allowed are \(known)")
            }
            guard field.write(&changed, value) else {
                throw SimulatorProblem(path: place, reason: "\(field.allowed) is allowed")
            }
        }
        self = changed
    }

    /// All fields under their JSON names.
    var fields: [String: AdminValue] {
        Dictionary(uniqueKeysWithValues: BehaviourField.all.map { ($0.name, $0.read(self)) })
    }
}
