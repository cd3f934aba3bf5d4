/// Where the queue lives.
package struct RedisSettings: Sendable, Equatable {
    /// May carry a password: for logs there is `safeURL`.
    package var url = "redis://127.0.0.1:6379/0"
    /// Into how many parts each queue is split; more than one pays on a cluster only.
    package var partitions = 1

    package init() {}

    /// The URL without user and password.
    package var safeURL: String { url.withoutUserInfo }

    static let keys: [KeySpec<Self>] = [
        KeySpec("url", .redisURL, \.url),
        KeySpec("partitions", .integer(1...1024), \.partitions),
    ]
}
