package import JobFlow
package import Redis

extension StoreError {
    /// What a fault of the connection or of the server means to what is kept on it.
    package init(_ error: RedisError) {
        self.init(Self.code(error.code), error.description)
    }

    private static func code(_ code: RedisError.Code) -> Code {
        switch code {
        case .outOfMemory, .readOnly, .noReplicas: .refusesWrites
        case .protocolViolation, .command, .invalidURL: .protocolViolation
        case .cancelled: .cancelled
        case .connectionFailed, .connectionLost, .timeout, .notReady, .authentication, .maxClients, .unblocked,
            .noGroup,
            .closed:
            .unavailable
        }
    }

    /// A reply that this program does not understand.
    package static func unexpected(_ script: String) -> StoreError {
        StoreError(.protocolViolation, "script \(script) gave a reply of another shape")
    }
}
