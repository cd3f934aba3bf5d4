package struct PoolStanding: Sendable, Equatable {
    /// In the order of the report.
    package var endpoints: [EndpointStanding]
    /// This process' part of the retries that the fleet may make now; not above zero: none.
    package var retryAllowance: Double

    package init(endpoints: [EndpointStanding], retryAllowance: Double) {
        self.endpoints = endpoints
        self.retryAllowance = retryAllowance
    }
}

/// How the fleet stands with one endpoint.
package struct EndpointStanding: Sendable, Equatable {
    package var endpoint: String
    /// Zero when the gate is open.
    package var throttledFor: Duration
    /// Nil when it is well. A gate whose time is over (`closedFor` zero) waits for a probe.
    package var health: HealthGate?
    /// Nil when it lets us in.
    package var out: CredentialGate?
    /// Since when nobody calls it, because somebody took it out of the pool by hand; nil otherwise. Not part of announcements.
    package var drainedAt: Timestamp?
    /// Counts how often the secret was renewed. Another number than before is what matters: a board that lost its memory
    /// begins again at zero.
    package var renewals: Int
    /// This process is the one that probes, and there is something to probe.
    package var mayProbe: Bool
    /// This process is the one that reads the secret again; for some seconds after it asked.
    package var mayReload: Bool
    /// Of an endpoint whose capacity is known and that anybody has reported on.
    package var room: TokenRoom?
    /// Calls of all processes that are under way.
    package var inflight: Int

    package init(
        endpoint: String, throttledFor: Duration = .zero, health: HealthGate? = nil,
        out: CredentialGate? = nil, renewals: Int = 0, mayProbe: Bool = false,
        mayReload: Bool = false, room: TokenRoom? = nil, inflight: Int = 0, drainedAt: Timestamp? = nil
    ) {
        self.endpoint = endpoint
        self.throttledFor = throttledFor
        self.health = health
        self.out = out
        self.renewals = renewals
        self.mayProbe = mayProbe
        self.mayReload = mayReload
        self.room = room
        self.inflight = inflight
        self.drainedAt = drainedAt
    }
}

/// The fleet's leaky bucket of an endpoint, seen from its brim.
package struct TokenRoom: Sendable, Equatable {
    /// Tokens that may be admitted now; negative when more was admitted than there was room for.
    package var tokens: Double
    package var rate: Double
    package var burst: Double
    /// Processes that share the room, at least 1.
    package var sharers: Int

    package init(tokens: Double, rate: Double, burst: Double, sharers: Int = 1) {
        self.tokens = tokens
        self.rate = rate
        self.burst = burst
        self.sharers = sharers
    }
}
