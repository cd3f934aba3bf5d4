/// How an endpoint behaves. Every field can be changed while the simulator runs.
///
/// Shares are between 0 and 1, each is drawn on its own, and the first that hits wins, in this order: `blackout`,
/// too long a prompt, `failNext`, reset, hang, throttle, error, flex without capacity, the tier's limits, error in the
/// stream, garbage, truncate. What fails before the limits costs no tokens.
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
    /// Capacity: what drains from a bucket, or what a standard minute may count; `nil` admits everything.
    package var tokensPerMinute: Int?
    /// Share of calls that are taken and never answered.
    package var hangRate: Double
    /// Share of calls whose connection is reset (RST).
    package var resetRate: Double
    /// Share of calls that get a 200 whose body is not JSON.
    package var garbageRate: Double
    /// Share of calls whose answer stops in the middle of the body.
    package var truncateRate: Double
    /// Every call is reset, as if the region were gone; calls under way are cut when it begins.
    package var blackout: Bool
    /// Statuses of the next calls, one each; 200 lets that call through to the other fields.
    package var failNext: [Int]
    /// Exact length of the answer's text; `nil`: four bytes for each token.
    package var answerBytes: Int?
    package var tier: EndpointTier
    /// How many input tokens one output token counts as in the bucket, such as 4 for gpt-4o.
    package var outputWeight: Double
    /// The brim of the bucket, in seconds of capacity.
    package var burstSeconds: Double
    /// Of the standard tiers only, in slices of ten seconds; `nil` admits everything.
    package var requestsPerMinute: Int?
    /// Share of the calls at a flex endpoint that find no capacity.
    package var flexBusy: Double
    /// The endpoint that takes what a provisioned one must turn away.
    package var spillover: String?
    /// A longer prompt is refused with 400 `context_length_exceeded`.
    package var maxPromptTokens: Int?
    /// Share of the streamed calls whose 200 carries an error before any output.
    package var errorInStreamRate: Double
    /// Multiplies every delay: a brown-out.
    package var slowFactor: Double

    package init(
        latencyMs: Double = 0, msPerToken: Double = 0, jitter: Double = 0, errorRate: Double = 0,
        errorStatus: Int = 500, throttleRate: Double = 0, retryAfterMs: Int = 1000, tokensPerMinute: Int? = nil,
        hangRate: Double = 0, resetRate: Double = 0, garbageRate: Double = 0, truncateRate: Double = 0,
        blackout: Bool = false, failNext: [Int] = [], answerBytes: Int? = nil, tier: EndpointTier = .ptu,
        outputWeight: Double = 1, burstSeconds: Double = AdmissionBucket.usualBurstSeconds,
        requestsPerMinute: Int? = nil, flexBusy: Double = 0, spillover: String? = nil, maxPromptTokens: Int? = nil,
        errorInStreamRate: Double = 0, slowFactor: Double = 1
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
        self.tier = tier
        self.outputWeight = outputWeight
        self.burstSeconds = burstSeconds
        self.requestsPerMinute = requestsPerMinute
        self.flexBusy = flexBusy
        self.spillover = spillover
        self.maxPromptTokens = maxPromptTokens
        self.errorInStreamRate = errorInStreamRate
        self.slowFactor = slowFactor
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
