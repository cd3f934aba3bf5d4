import Testing

@testable import Redis

@Suite struct HandshakeTests {
    private func handshake(_ url: String) throws -> Handshake {
        Handshake(try RedisConfiguration(url: url))
    }

    private func names(_ handshake: Handshake) -> [String] {
        handshake.commands.map { command in
            command.map { argument in
                switch argument {
                case .string(let text): text
                case .integer(let value): "\(value)"
                case .bytes, .constant: "?"
                }
            }.joined(separator: " ")
        }
    }

    @Test func `only what is configured is asked for`() throws {
        #expect(names(try handshake("redis://h")) == ["CLIENT SETNAME sluice", "PING"])
        #expect(names(try handshake("redis://:pw@h/2")) == ["AUTH pw", "SELECT 2", "CLIENT SETNAME sluice", "PING"])
        #expect(names(try handshake("redis://me:pw@h")).first == "AUTH me pw")
    }

    @Test func `the last good reply makes it ready`() throws {
        var handshake = try handshake("redis://:pw@h/2")
        for _ in 0..<3 { #expect(handshake.receive(.bytes("OK")) == .wait) }
        #expect(handshake.receive(.bytes("PONG")) == .ready)
    }

    @Test func `a name that is not allowed does no harm`() throws {
        var handshake = try handshake("redis://h")
        #expect(handshake.receive(.error("NOPERM no")) == .wait)
        #expect(handshake.receive(.bytes("PONG")) == .ready)
    }

    @Test(
        arguments: [
            (0, "WRONGPASS invalid", .authentication),
            (0, "ERR AUTH <password> called without any password configured", .authentication),
            (0, "ERR max number of clients reached", .maxClients),
            (1, "ERR DB index is out of range", .connectionFailed),
            (1, "NOAUTH Authentication required.", .authentication),
            (2, "LOADING Redis is loading", .notReady),
            (3, "LOADING Redis is loading", .notReady),
            (3, "MASTERDOWN Link with MASTER is down", .notReady),
        ] as [(Int, String, RedisError.Code)])
    func `a refusal ends it with the fitting code`(step: Int, message: String, code: RedisError.Code) throws {
        var handshake = try handshake("redis://:pw@h/2")
        for _ in 0..<step { #expect(handshake.receive(.bytes("OK")) == .wait) }
        guard case .failed(let error) = handshake.receive(.error(message)) else {
            Issue.record("the handshake went on")
            return
        }
        #expect(error.code == code)
        #expect(!error.wasSent)
    }
}
