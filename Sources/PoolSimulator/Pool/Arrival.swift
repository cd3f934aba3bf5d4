/// A model call as it came in.
struct Arrival: Sendable {
    /// Position of the endpoint in the configuration.
    let endpoint: Int
    let operation: ModelOperation
    let request: ModelRequest
    /// The deployment that serves it; `nil` when the request names none that exists.
    let deployment: String?
    let facts: CallFacts
    let job: String?
    let attempt: String?
    let correlationID: String?
}
