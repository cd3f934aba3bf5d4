/// What went wrong with a command or a connection.
package struct RedisError: Error, Sendable, Equatable {
    package enum Code: Sendable, Equatable, CaseIterable {
        /// No connection could be made in time.
        case connectionFailed
        /// The connection went away while the command was on its way.
        case connectionLost
        /// No reply came in time.
        case timeout
        /// The server cannot serve now (LOADING, MASTERDOWN, CLUSTERDOWN, TRYAGAIN, BUSY, MISCONF), or too much waits
        /// for it already.
        case notReady
        /// The server is a replica: a failover went past us.
        case readOnly
        case outOfMemory
        /// Too few replicas to accept a write.
        case noReplicas
        /// The server does not know us or does not let us (NOAUTH, WRONGPASS, NOPERM).
        case authentication
        case maxClients
        /// A blocking command was woken because its server changed its role.
        case unblocked
        /// The consumer group is not there.
        case noGroup
        case protocolViolation
        /// Any other error reply, or a command that cannot be sent as it is.
        case command
        /// The client has been closed.
        case closed
        /// The caller's task was cancelled.
        case cancelled
        case invalidURL
    }

    package let code: Code
    package let message: String
    /// Whether the command may have been executed, wholly or in part.
    package let wasSent: Bool

    package init(_ code: Code, _ message: String, wasSent: Bool = false) {
        self.code = code
        self.message = message
        self.wasSent = wasSent
    }

    /// Whether the same command can succeed later. See `wasSent` for whether it would then be the second time.
    package var isRetriable: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .timeout, .notReady, .readOnly, .outOfMemory, .noReplicas,
            .maxClients, .unblocked, .noGroup:
            true
        case .authentication, .protocolViolation, .command, .closed, .cancelled, .invalidURL: false
        }
    }
}

extension RedisError: CustomStringConvertible {
    package var description: String { "\(code): \(message)" }
}
