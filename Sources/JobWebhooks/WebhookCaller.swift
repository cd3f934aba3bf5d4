/// The seam to whoever carries a delivery. Never throws: every failure is an outcome.
package protocol WebhookCaller: Sendable {
    func send(_ request: WebhookRequest) async -> WebhookOutcome
}

/// How one delivery ended.
package enum WebhookOutcome: Sendable, Equatable {
    /// - Parameter retryAfter: the receiver's wish.
    case answered(_ status: Int, retryAfter: Duration?)
    /// Nobody answered; a word that says why.
    case failed(String)
    /// The host has no address that may be called.
    case addressRefused
    /// This worker stops.
    case cancelled
}
