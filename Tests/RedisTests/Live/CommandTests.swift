import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Commands {
        @Test(arguments: [1, 3])
        func `ten thousand commands of a hundred tasks are answered in order`(connections: Int) async throws {
            try await RedisServer.running { server in
                try await withClient(server.url, { $0.connections = connections }) { client in
                    try await withThrowingTaskGroup { group in
                        for task in 0..<100 {
                            group.addTask {
                                for number in 0..<100 {
                                    let reply = try await client.send(["ECHO", .string("\(task)/\(number)")])
                                    #expect(reply.string == "\(task)/\(number)")
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test func `a pipeline keeps its order and its errors`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    let replies = try await client.pipeline([
                        ["SET", "a", 1], ["LPUSH", "a", "x"], ["INCR", "a"], ["GET", "none"],
                    ])
                    #expect(replies[0] == .bytes("OK"))
                    guard case .error(let message) = replies[1] else { throw NeverHappened(what: "\(replies)") }
                    #expect(message.hasPrefix("WRONGTYPE"))
                    #expect(replies[2...] == [.integer(2), .null])
                    #expect(try await client.pipeline([]) == [])
                }
            }
        }

        @Test func `an error reply throws and an empty command is refused`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    let wrong = await #expect(throws: RedisError.self) { try await client.send(["NOSUCH"]) }
                    #expect(wrong?.code == .command)
                    let empty = await #expect(throws: RedisError.self) { try await client.send([]) }
                    #expect(empty?.code == .command)
                    let reply = try await client.send(["PING"])
                    #expect(reply == .bytes("PONG"))
                }
            }
        }

        @Test func `a value of megabytes goes there and back`() async throws {
            let value = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    _ = try await client.send(["SET", "large", .bytes(value)])
                    #expect(try await client.send(["GET", "large"]) == .bytes(value[...]))
                }
            }
        }

        @Test func `a reply past the limit fails its command and the client goes on`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url, { $0.maximumReplyBytes = 1_000_000 }) { client in
                    _ = try await client.send(["SETRANGE", "large", 3_000_000, "x"])
                    let error = await #expect(throws: RedisError.self) { try await client.send(["GET", "large"]) }
                    #expect(error?.code == .protocolViolation)
                    #expect(try await client.send(["STRLEN", "large"]) == .integer(3_000_001))
                }
            }
        }

        @Test func `a script runs by its hash and again after a flush`() async throws {
            let script = RedisScript(name: "add", source: "return redis.call('INCRBY', KEYS[1], ARGV[1])")
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    for expected in 1...3 as ClosedRange<Int64> {
                        #expect(try await client.evaluate(script, keys: ["n"], arguments: [1]) == .integer(expected))
                        if expected == 2 { _ = try await client.send(["SCRIPT", "FLUSH"]) }
                    }
                    let known = try await client.send(["SCRIPT", "EXISTS", .string(script.sha1)])
                    #expect(known == .array([.integer(1)]))
                }
            }
        }

        @Test func `an error inside a script may have left something behind`() async throws {
            let script = RedisScript(name: "late", source: "redis.call('SET', KEYS[1], 1) return redis.call('XACK')")
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    let error = await #expect(throws: RedisError.self) {
                        try await client.evaluate(script, keys: ["k"], arguments: [])
                    }
                    #expect(error?.wasSent == true)
                }
            }
        }

        @Test func `the database and the name are set on every connection`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url + "/3") { client in
                    let info = try await client.send(["CLIENT", "INFO"]).string ?? ""
                    #expect(info.contains(" name=sluice "))
                    #expect(info.contains(" db=3 "))
                }
            }
        }
    }
}
