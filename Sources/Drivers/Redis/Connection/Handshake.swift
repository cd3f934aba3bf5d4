import DequeModule

/// The first commands on a connection, and whether their replies let us use it.
struct Handshake: Sendable {
    enum Action: Sendable, Equatable {
        case wait
        case ready
        case failed(RedisError)
    }

    private enum Step: Sendable {
        case authenticate
        case select
        case name
        /// A server that is still loading its data answers everything before this.
        case ping
    }

    let commands: [[RedisArgument]]
    private var awaited: Deque<Step> = []

    init(_ configuration: RedisConfiguration) {
        var commands: [[RedisArgument]] = []
        if let password = configuration.password {
            commands.append(["AUTH"] + (configuration.user.map { [.string($0)] } ?? []) + [.string(password)])
            awaited.append(.authenticate)
        }
        if configuration.database != 0 {
            commands.append(["SELECT", .integer(configuration.database)])
            awaited.append(.select)
        }
        commands.append(["CLIENT", "SETNAME", .string(configuration.clientName)])
        awaited.append(.name)
        commands.append(["PING"])
        awaited.append(.ping)
        self.commands = commands
    }

    mutating func receive(_ reply: RedisReply) -> Action {
        guard let step = awaited.popFirst() else {
            return .failed(RedisError(.protocolViolation, "a reply that nothing was asked for"))
        }
        if case .error(let message) = reply, let failure = Self.failure(of: step, message) { return .failed(failure) }
        return awaited.isEmpty ? .ready : .wait
    }

    private static func failure(of step: Step, _ message: String) -> RedisError? {
        let error = RedisError(reply: message)
        switch (step, error.code) {
        // The name is for the eyes of an operator; an access list may forbid it.
        case (.name, .command), (.name, .authentication): return nil
        case (.authenticate, .command): return RedisError(.authentication, message)
        case (.select, .command): return RedisError(.connectionFailed, "database cannot be selected: \(message)")
        default: return RedisError(error.code, message)
        }
    }
}
