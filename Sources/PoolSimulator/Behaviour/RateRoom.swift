/// What the `x-ratelimit-…` headers say.
package struct RateRoom: Sendable, Equatable {
    /// What an endpoint without a limit says.
    package static let plenty = RateRoom(limit: 10_000_000, remaining: 10_000_000)

    package let limit: Int
    package let remaining: Int
    package let limitRequests: Int
    /// Of a standard endpoint with a limit for requests: what is left of these ten seconds.
    package let remainingRequests: Int
    /// Seconds until the counts start anew; only the standard tiers count by windows.
    package let resetTokens: Int?
    package let resetRequests: Int?

    init(
        limit: Int, remaining: Int, limitRequests: Int, remainingRequests: Int, resetTokens: Int?, resetRequests: Int?
    ) {
        self.limit = limit
        self.remaining = remaining
        self.limitRequests = limitRequests
        self.remainingRequests = remainingRequests
        self.resetTokens = resetTokens
        self.resetRequests = resetRequests
    }

    init(limit: Int, remaining: Int) {
        self.init(
            limit: limit, remaining: remaining, limitRequests: Self.requests(limit),
            remainingRequests: Self.requests(remaining), resetTokens: nil, resetRequests: nil)
    }

    /// Azure grants six requests for every thousand tokens.
    static func requests(_ tokens: Int) -> Int { tokens * 6 / 1000 }
}
