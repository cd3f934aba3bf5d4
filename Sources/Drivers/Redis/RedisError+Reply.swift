extension RedisError {
    /// An error reply of the server, as `pipeline` leaves it among the replies.
    package init(reply message: String) {
        let code = Code(reply: message)
        self.init(code, Self.withoutArguments(message), wasSent: code == .command || Self.isRaisedInScript(message))
    }

    /// The server repeats the arguments of a command that it does not know; a prompt may be among them.
    private static func withoutArguments(_ message: String) -> String {
        message.firstRange(of: ", with args beginning with").map { String(message[..<$0.lowerBound]) } ?? message
    }

    /// The server names the script when the error came from a command inside it; what the script did before stays.
    private static func isRaisedInScript(_ message: String) -> Bool {
        message.contains("script:")
    }
}

extension RedisError.Code {
    fileprivate init(reply message: String) {
        switch message.prefix(while: { $0 != " " }) {
        case "LOADING", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY", "MISCONF": self = .notReady
        case "READONLY": self = .readOnly
        case "OOM": self = .outOfMemory
        case "NOREPLICAS": self = .noReplicas
        case "NOAUTH", "WRONGPASS", "NOPERM": self = .authentication
        case "UNBLOCKED": self = .unblocked
        case "NOGROUP": self = .noGroup
        case "ERR" where message.hasPrefix("ERR max number of clients"): self = .maxClients
        default: self = .command
        }
    }
}
