/// How an endpoint is paid for, and with that the rules it admits calls by.
package enum EndpointTier: String, Sendable, CaseIterable {
    /// Provisioned throughput: a leaky bucket of weighted tokens.
    case ptu
    /// Pay as you go: tokens counted by the minute, requests by slices of ten seconds.
    case standard
    /// Standard's quota at a discount, while there is capacity left over.
    case flex
}

/// Why a call got a 429; each has words of its own.
package enum ThrottleReason: Sendable, Equatable {
    case tokens, requests
    /// Flex has no capacity to spare. Nothing is billed.
    case noCapacity
}

/// What the rules of a tier say to a call.
package enum Admission: Sendable, Equatable {
    case admitted
    /// Full; a call will be admitted after exactly this many milliseconds, unless others come first.
    case full(retryAfterMs: Int, reason: ThrottleReason = .tokens)
}
