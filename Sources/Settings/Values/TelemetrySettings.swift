/// Where traces go.
package struct TelemetrySettings: Sendable, Equatable {
    /// An OTLP/HTTP collector, without `/v1/traces`; nil sends none.
    package var otlpEndpoint: String?
    /// The share of traced jobs among those whose client did not say.
    package var sampleRatio = 1.0

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("otlp_endpoint", .httpURL, \.otlpEndpoint),
        KeySpec("sample_ratio", .number(0...1), \.sampleRatio),
    ]
}
