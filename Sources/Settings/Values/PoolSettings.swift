/// The upstream endpoints.
package struct PoolSettings: Sendable, Equatable {
    /// In the order of the file; names are unique. May be empty.
    package var endpoints: [EndpointSettings] = []
    package var connectTimeout: Duration = .seconds(5)
    /// Names are unique.
    package var tokenThresholds: [TokenThresholdSettings] = []

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("connect_timeout", .duration(.milliseconds(1) ... .seconds(300)), \.connectTimeout)
    ]
}
