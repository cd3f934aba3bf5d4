/// Stored answers for equal requests.
package struct CacheSettings: Sendable, Equatable {
    package var enabled = true
    package var ttl: Duration = .seconds(300)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("enabled", .boolean, \.enabled),
        KeySpec("ttl", .duration(.seconds(1) ... .days(365)), \.ttl),
    ]
}
