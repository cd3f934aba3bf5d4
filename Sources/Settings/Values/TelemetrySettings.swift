/// Where traces go.
package struct TelemetrySettings: Sendable, Equatable {
    /// An OTLP/HTTP collector; nil sends none.
    package var otlpEndpoint: String?

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("otlp_endpoint", .httpURL, \.otlpEndpoint)
    ]
}
