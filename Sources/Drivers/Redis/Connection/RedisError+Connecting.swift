import NIOPosix

extension RedisError {
    static let clientClosed = RedisError(.closed, "the Redis client is closed")

    /// A failed attempt to connect, in the words of the operating system.
    init(connecting error: any Error) {
        switch error {
        case let error as RedisError: self = error
        case let error as NIOConnectionError: self.init(.connectionFailed, Self.describe(error))
        default: self.init(.connectionFailed, "\(error)")
        }
    }

    private static func describe(_ error: NIOConnectionError) -> String {
        if let attempt = error.connectionErrors.last { return "\(attempt.error)" }
        let lookup = error.dnsAError ?? error.dnsAAAAError
        return "host cannot be found" + (lookup.map { ": \($0)" } ?? "")
    }
}
