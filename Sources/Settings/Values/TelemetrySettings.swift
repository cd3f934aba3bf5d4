/// Where traces go.
package struct TelemetrySettings: Sendable, Equatable {
    /// Whether anything is counted for `GET /metrics`.
    package var metrics = true
    /// An OTLP/HTTP collector, without `/v1/traces`; nil sends none.
    package var otlpEndpoint: String?
    /// What a collector wants to be told with each request, such as a key: see `HeaderText`.
    package var otlpHeaders: Secret?
    /// The share of traced jobs among those whose client did not say.
    package var sampleRatio = 1.0

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("metrics", .boolean, \.metrics),
        KeySpec("otlp_endpoint", .httpURL, \.otlpEndpoint),
        KeySpec("otlp_headers", .headers, \.otlpHeaders),
        KeySpec("sample_ratio", .number(0...1), \.sampleRatio),
    ]

    package var headers: [(name: String, value: String)] { otlpHeaders.flatMap { HeaderText.parse($0.exposed) } ?? [] }
}
