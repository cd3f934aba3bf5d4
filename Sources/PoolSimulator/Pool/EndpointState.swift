/// What changes at one endpoint: its behaviour, its bucket, its dice and its counts.
struct EndpointState: Sendable {
    var behaviour: EndpointBehaviour
    var counts = EndpointCounts()
    private(set) var bucket = AdmissionBucket()
    private var generator: SeededGenerator

    init(_ endpoint: SimulatedEndpoint, seed: UInt64) {
        behaviour = endpoint.behaviour
        // Each endpoint has dice of its own: traffic at one does not change what happens at another.
        generator = SeededGenerator(seed: seed ^ StableHash.of(endpoint.name))
    }

    mutating func decide(_ facts: CallFacts, now: Int64) -> Decision {
        let draws = Draws(from: &generator)
        return Decision.make(facts, behaviour: &behaviour, bucket: &bucket, draws: draws, now: now)
    }

    /// Replaces the estimate of an admitted call by what it used.
    mutating func correct(estimated: Int, used: Int) {
        bucket.correct(by: used - estimated, tokensPerMinute: behaviour.tokensPerMinute)
    }

    func room(now: Int64) -> RateRoom? {
        behaviour.tokensPerMinute.map {
            RateRoom(limit: $0, remaining: bucket.remaining(tokensPerMinute: $0, now: now))
        }
    }
}

/// What the `x-ratelimit-…` headers say. Azure grants six requests for every thousand tokens.
struct RateRoom: Sendable {
    /// What an endpoint without a limit says.
    static let plenty = RateRoom(limit: 10_000_000, remaining: 10_000_000)

    let limit: Int
    let remaining: Int

    var remainingRequests: Int { remaining * 6 / 1000 }
    var limitRequests: Int { limit * 6 / 1000 }
}
