import JobFlow
import Redis

extension StoreError {
    /// What a fault of the connection or of the server means to the queue.
    init(_ error: RedisError) {
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

    static let serverChanged = StoreError(.serverChanged, "another server answers, or it was wiped")

    static func unexpected(_ script: String) -> StoreError {
        StoreError(.protocolViolation, "script \(script) gave a reply of another shape")
    }
}
