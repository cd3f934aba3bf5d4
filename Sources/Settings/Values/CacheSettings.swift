/// Stored answers for equal requests.
package struct CacheSettings: Sendable, Equatable {
    package var enabled = true
    package var ttl: Duration = .seconds(300)
    /// For so long after that an answer is kept for requests that take it while no endpoint can be called.
    package var stale: Duration = .seconds(3600)
    /// In each partition.
    package var maxEntries = 10_000
    /// A larger answer is not stored.
    package var maxAnswerBytes = 262_144

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("enabled", .boolean, \.enabled),
        KeySpec("ttl", .duration(.seconds(1) ... .days(365)), \.ttl),
        KeySpec("stale", .duration(.zero ... .days(365)), \.stale),
        KeySpec("max_entries", .integer(0...100_000_000), \.maxEntries),
        KeySpec("max_answer_bytes", .integer(0...67_108_864), \.maxAnswerBytes),
    ]
}
