/// The one door of an endpoint: the bucket of a provisioned endpoint or the quota of a standard one, whichever its tier
/// says now. Both are kept, because a tier can be changed while calls are under way.
package struct AdmissionGate: Sendable, Equatable {
    private var bucket = AdmissionBucket()
    private var quota = StandardQuota()

    package init() {}

    /// A request has come, whatever becomes of it.
    mutating func arrive(_ behaviour: EndpointBehaviour, now: Int64) {
        if behaviour.tier != .ptu { quota.countRequest(now: now) }
    }

    mutating func admit(_ call: CallFacts, _ behaviour: EndpointBehaviour, now: Int64) -> Admission {
        guard behaviour.tier == .ptu else {
            return quota.admit(
                behaviour.tokenRule.charge(call), tokensPerMinute: behaviour.tokensPerMinute,
                requestsPerMinute: behaviour.requestsPerMinute, now: now)
        }
        return bucket.admit(
            behaviour.tokenRule.charge(call), tokensPerMinute: behaviour.tokensPerMinute,
            burstSeconds: behaviour.burstSeconds,
            now: now)
    }

    /// Only a bucket takes back what a call did not use.
    mutating func correct(by tokens: Int, _ behaviour: EndpointBehaviour, now: Int64) {
        guard behaviour.tier == .ptu else { return }
        bucket.correct(by: tokens, tokensPerMinute: behaviour.tokensPerMinute, now: now)
    }

    /// Lets the time pass under this behaviour; needed before another one takes its place.
    mutating func advance(_ behaviour: EndpointBehaviour, to now: Int64) {
        bucket.advance(tokensPerMinute: behaviour.tokensPerMinute, now: now)
    }

    mutating func restartMeter(_ behaviour: EndpointBehaviour, now: Int64) {
        bucket.restartMeter(tokensPerMinute: behaviour.tokensPerMinute, now: now)
    }

    /// `nil` without a limit.
    func room(_ behaviour: EndpointBehaviour, now: Int64) -> RateRoom? {
        let limit = behaviour.tokensPerMinute
        guard behaviour.tier == .ptu else {
            return quota.room(tokensPerMinute: limit, requestsPerMinute: behaviour.requestsPerMinute, now: now)
        }
        return limit.map {
            let left = bucket.remaining(tokensPerMinute: $0, burstSeconds: behaviour.burstSeconds, now: now)
            return RateRoom(limit: $0, remaining: left)
        }
    }

    func load(_ behaviour: EndpointBehaviour, now: Int64) -> EndpointLoad {
        var gate = self
        gate.advance(behaviour, to: now)
        let isBucket = behaviour.tier == .ptu && behaviour.tokensPerMinute != nil
        return EndpointLoad(
            level: behaviour.tier == .ptu ? gate.bucket.tokens : quota.tokens(now: now),
            capacityTokens: gate.bucket.capacityTokens,
            idleSeconds: isBucket ? Double(gate.bucket.idleMicroseconds) / 1_000_000 : nil)
    }
}

/// How well an endpoint's capacity was used since the last reset.
package struct EndpointLoad: Sendable, Equatable {
    /// Weighted tokens in the bucket, or estimated tokens of a standard endpoint's minute.
    package let level: Int
    /// Rate × time; 0 without a rate.
    package let capacityTokens: Double
    /// Time in which the bucket was empty. Utilisation is 1 − idle share. `nil` where there is no bucket with a rate.
    package let idleSeconds: Double?

    package init(level: Int, capacityTokens: Double, idleSeconds: Double?) {
        self.level = level
        self.capacityTokens = capacityTokens
        self.idleSeconds = idleSeconds
    }
}
