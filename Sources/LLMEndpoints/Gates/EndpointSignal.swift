import JobFlow

/// What one finished call says about its endpoint. Which call says what is in `ClassifyAnswer` and `ClassifyFault`.
enum EndpointSignal: Sendable, Equatable {
    case healthy
    /// Counts against health: server errors, timeouts, broken connections, nonsense. It may ask to be left alone for a time.
    case unhealthy(restFor: Duration? = nil)
    /// Counts against health, too: the endpoint was not reached.
    case unreachable
    /// Full: not ill. Closed for as long as it asked, or for a moment if it did not say.
    case throttled(for: Duration?)
    /// Full, and Azure gave the call to a deployment that is paid by the token.
    case spilledOver
    /// The key was refused; it may have been renewed meanwhile.
    case unauthorized
    /// No call can succeed until somebody acts. The word is the ledger's.
    case misconfigured(String)
    /// The call was cancelled, or its request was at fault.
    case silent
}

/// A call that is over, as its endpoint's gates see it.
struct EndedCall: Sendable, Equatable {
    var signal: EndpointSignal
    var isProbe = false
    /// Its answer took much longer than another endpoint would have.
    var isSlow = false
    /// No other endpoint could have taken it.
    var isLast = false
    var start: Timestamp
}
