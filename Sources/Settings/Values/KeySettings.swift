import JobFlow

/// One key that callers of the intake may use.
package struct KeySettings: Sendable, Equatable {
    package var name: String
    /// `sha256:` and the digest of the key, in hexadecimal digits. `sluice key` makes one.
    package var hash: Secret?
    /// Whose key it is; nil: of the caller that is called like it. Jobs belong to callers.
    package var caller: String?
    /// Words of `submit`, `read` and `admin`.
    package var scopes = "submit read"
    package var requestsPerSecond: Int?
    package var tokensPerMinute: Int?
    /// Jobs that have not ended.
    package var maxQueued: Int?

    package init(name: String) { self.name = name }

    static let allowedScopes = ["submit", "read", "admin"]

    package var scopeWords: [String] { scopes.split(separator: " ").map(String.init) }

    static let keys: [KeySpec<Self>] = [
        KeySpec("hash", .secret, \.hash, isRequired: true),
        KeySpec("caller", .name, \.caller),
        KeySpec("scopes", .text, \.scopes),
        KeySpec("requests_per_second", .integer(1...1_000_000), \.requestsPerSecond),
        KeySpec("tokens_per_minute", .integer(1...1_000_000_000), \.tokensPerMinute),
        KeySpec("max_queued", .integer(1...1_000_000_000), \.maxQueued),
    ]
}
