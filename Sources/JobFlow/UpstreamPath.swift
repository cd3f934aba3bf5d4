/// The upstream calls that Sluice carries. The raw value is the OpenAI path, and the `url` of a job.
package enum UpstreamPath: String, CaseIterable, Sendable {
    case chatCompletions = "/v1/chat/completions"
    case responses = "/v1/responses"
    case embeddings = "/v1/embeddings"
    case completions = "/v1/completions"

    /// The path below `/v1`, as Azure deployments spell it.
    package var operation: String { String(rawValue.dropFirst("/v1/".count)) }
}
