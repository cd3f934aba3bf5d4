/// A model call as it came in.
struct Arrival: Sendable {
    /// Position of the endpoint in the configuration.
    let endpoint: Int
    let operation: ModelOperation
    let request: ModelRequest
    /// Its deployment is the one that serves it; `nil` when the request names none that exists.
    let facts: CallFacts
    let job: String?
    let attempt: String?
    let correlationID: String?
}
