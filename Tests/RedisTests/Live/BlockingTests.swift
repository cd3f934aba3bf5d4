import Glibc
import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Blocking {
        @Test func `a push wakes a blocked reader while commands go on`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    async let popped = client.blocking(["BLPOP", "list", 60], timeout: .seconds(60))
                    try await eventually("the reader is blocked") { try await client.blockedClients() == 1 }
                    _ = try await client.send(["RPUSH", "list", "job"])
                    #expect(try await popped == .array([.bytes("list"), .bytes("job")]))
                }
            }
        }

        @Test func `nothing in time is null and the connection is used again`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    for _ in 0..<3 {
                        let reply = try await client.blocking(["BLPOP", "list", "0.01"], timeout: .milliseconds(10))
                        #expect(reply.isNull)
                    }
                    let clients = try await client.send(["CLIENT", "LIST"]).string ?? ""
                    #expect(clients.split(whereSeparator: \.isNewline).count == 2)
                }
            }
        }

        @Test func `cancelling closes the connection at once`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await withThrowingTaskGroup { group in
                        group.addTask {
                            let error = await #expect(throws: RedisError.self) {
                                try await client.blocking(["BLPOP", "list", 0], timeout: .seconds(600))
                            }
                            #expect(error?.code == .cancelled)
                        }
                        try await eventually("the reader is blocked") { try await client.blockedClients() == 1 }
                        group.cancelAll()
                    }
                    try await eventually("the server let go") { try await client.blockedClients() == 0 }
                }
            }
        }

        @Test func `a server that has stopped cannot hold the caller`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url, { $0.blockingGrace = .milliseconds(200) }) { client in
                    _ = try await client.blocking(["BLPOP", "list", "0.01"], timeout: .milliseconds(10))
                    server.signal(SIGSTOP)
                    let error = await #expect(throws: RedisError.self) {
                        try await client.blocking(["BLPOP", "list", "0.01"], timeout: .milliseconds(10))
                    }
                    #expect(error?.code == .timeout)
                    server.signal(SIGCONT)
                    #expect(try await client.blocking(["BLPOP", "list", "0.01"], timeout: .milliseconds(10)).isNull)
                }
            }
        }

        @Test func `an unblocked reader can try again`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await withThrowingTaskGroup { group in
                        group.addTask {
                            let error = await #expect(throws: RedisError.self) {
                                try await client.blocking(["BLPOP", "list", 0], timeout: .seconds(600))
                            }
                            #expect(error?.code == .unblocked)
                            #expect(error?.isRetriable == true)
                        }
                        try await eventually("the reader is blocked") { try await client.blockedClients() == 1 }
                        let clients = try await client.send(["CLIENT", "LIST"]).string ?? ""
                        let blocked = clients.split(whereSeparator: \.isNewline).first { $0.contains("cmd=blpop") }
                        let id = try #require(blocked?.split(separator: " ").first?.dropFirst("id=".count))
                        _ = try await client.send(["CLIENT", "UNBLOCK", .string(String(id)), "ERROR"])
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test func `more readers than allowed are refused`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url, { $0.maximumBlockingConnections = 1 }) { client in
                    async let popped = client.blocking(["BLPOP", "list", 60], timeout: .seconds(60))
                    try await eventually("the reader is blocked") { try await client.blockedClients() == 1 }
                    let error = await #expect(throws: RedisError.self) {
                        try await client.blocking(["BLPOP", "list", 60], timeout: .seconds(60))
                    }
                    #expect(error?.code == .notReady)
                    _ = try await client.send(["RPUSH", "list", "job"])
                    _ = try await popped
                }
            }
        }

        @Test func `a reader waits for a server that comes later`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await server.killAndWait()
                    async let popped = client.blocking(["BLPOP", "list", 60], timeout: .seconds(60))
                    try await server.start()
                    _ = try await client.send(["RPUSH", "list", "job"])
                    #expect(try await popped == .array([.bytes("list"), .bytes("job")]))
                }
            }
        }
    }
}
