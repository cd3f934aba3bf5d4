import NIOPosix
import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Closing {
        private func client(_ url: String) throws -> RedisClient {
            var configuration = try RedisConfiguration(url: url)
            configuration.commandTimeout = .milliseconds(300)
            return RedisClient(
                configuration: configuration, group: MultiThreadedEventLoopGroup.singleton, logger: LogRecorder().logger
            )
        }

        @Test func `closing fails commands that wait and all later ones`() async throws {
            let client = try client("redis://127.0.0.1:1")
            try await withThrowingTaskGroup { group in
                group.addTask { try await client.run() }
                group.cancelAll()
                try await group.waitForAll()
            }
            for _ in 0..<2 {
                let sent = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(sent?.code == .closed)
            }
            let blocked = await #expect(throws: RedisError.self) {
                try await client.blocking(["BLPOP", "a", 1], timeout: .seconds(1))
            }
            #expect(blocked?.code == .closed)
            let subscribed = await #expect(throws: RedisError.self) {
                try await client.subscribe(["a"], onMessage: { _, _ in }, onGap: {})
            }
            #expect(subscribed?.code == .closed)
        }

        @Test func `closing ends a blocked reader and a subscriber`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { observer in
                    let client = try client(server.url)
                    try await withThrowingTaskGroup { readers in
                        try await withThrowingTaskGroup { running in
                            running.addTask { try await client.run() }
                            readers.addTask {
                                let error = await #expect(throws: RedisError.self) {
                                    try await client.blocking(["BLPOP", "list", 0], timeout: .seconds(600))
                                }
                                #expect(error?.code == .closed)
                            }
                            readers.addTask {
                                let error = await #expect(throws: RedisError.self) {
                                    try await client.subscribe(["a"], onMessage: { _, _ in }, onGap: {})
                                }
                                #expect(error?.code == .closed)
                            }
                            try await eventually("the reader is blocked") { try await observer.blockedClients() == 1 }
                            try await eventually("the subscriber listens") {
                                try await observer.send(["PUBLISH", "a", "x"]) == .integer(1)
                            }
                            running.cancelAll()
                        }
                        try await readers.waitForAll()
                    }
                    try await eventually("all connections are gone") {
                        let clients = try await observer.send(["CLIENT", "LIST"]).string ?? ""
                        return clients.split(whereSeparator: \.isNewline).count == 1
                    }
                }
            }
        }

        @Test func `a client that never ran lets nobody wait for ever`() async throws {
            let client = try client("redis://127.0.0.1:1")
            let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
            #expect(error?.code == .connectionFailed)
        }

        @Test func `a client runs once`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await eventually("the connection") { client.isConnected }
                    let error = await #expect(throws: RedisError.self) { try await client.run() }
                    #expect(error?.code == .closed)
                }
            }
        }
    }
}
