import Glibc
import NIOPosix
import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Outages {
        /// Holds a connection up in the server, so that what follows on it stays unanswered.
        private let holdUp: [RedisArgument] = ["BLPOP", "never", 0]

        @Test func `a killed server fails what was sent and later commands wait for the next`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await withClient(server.url) { observer in
                        async let sent = client.send(holdUp)
                        try await eventually("the command is there") { try await observer.blockedClients() == 1 }
                        try await server.killAndWait()
                        do {
                            let reply = try await sent
                            Issue.record("the lost command was answered: \(reply)")
                        } catch let error as RedisError {
                            #expect(error.code == .connectionLost)
                            #expect(error.wasSent)
                        }
                        async let later = client.send(["PING"])
                        try await server.start()
                        #expect(try await later == .bytes("PONG"))
                    }
                }
            }
        }

        @Test func `a killed connection comes back`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await withClient(server.url) { operator_ in
                        for _ in 0..<3 {
                            let before = try await client.send(["CLIENT", "ID"]).int
                            _ = try await operator_.send(["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"])
                            try await eventually("another connection") {
                                (try? await client.send(["CLIENT", "ID"]).int) ?? before != before
                            }
                        }
                    }
                }
            }
        }

        @Test func `a half-open connection is given up`() async throws {
            try await RedisServer.running { server in
                let impatient = { (configuration: inout RedisConfiguration) in
                    configuration.commandTimeout = .seconds(1)
                    configuration.connectTimeout = .seconds(1)
                }
                try await withClient(server.url, impatient) { client in
                    try await eventually("the connection") { client.isConnected }
                    server.signal(SIGSTOP)
                    let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                    #expect(error?.code == .timeout)
                    #expect(error?.wasSent == true)
                    try await eventually("the connection is dropped") { !client.isConnected }
                    let waiting = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                    #expect(waiting?.code == .connectionFailed)
                    #expect(waiting?.wasSent == false)
                    server.signal(SIGCONT)
                    try await eventually("an answer") { (try? await client.send(["PING"])) == .bytes("PONG") }
                }
            }
        }

        @Test func `a cancelled caller leaves at once and the others get their own replies`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await eventually("the connection") { client.isConnected }
                    server.signal(SIGSTOP)
                    await withTaskGroup { group in
                        group.addTask {
                            let error = await #expect(throws: RedisError.self) { try await client.send(["ECHO", "a"]) }
                            #expect(error?.code == .cancelled)
                        }
                        group.cancelAll()
                    }
                    async let other = client.send(["ECHO", "b"])
                    server.signal(SIGCONT)
                    #expect(try await other == .bytes("b"))
                }
            }
        }

        @Test func `many cancelled callers among others do not disturb the order`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    try await withThrowingTaskGroup { group in
                        for number in 0..<500 {
                            group.addTask {
                                await withTaskGroup { doomed in
                                    doomed.addTask { _ = try? await client.send(["ECHO", "doomed"]) }
                                    if number % 2 == 0 { await Task.yield() }
                                    doomed.cancelAll()
                                }
                                let reply = try await client.send(["ECHO", .integer(number)])
                                #expect(reply.int == number)
                            }
                        }
                        try await group.waitForAll()
                    }
                }
            }
        }

        @Test func `without a server a command ends in time and says so`() async throws {
            try await withClient("redis://127.0.0.1:1", { $0.commandTimeout = .milliseconds(300) }) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.code == .connectionFailed)
                #expect(error?.wasSent == false)
                let blocked = await #expect(throws: RedisError.self) {
                    try await client.blocking(["BLPOP", "a", 1], timeout: .seconds(1))
                }
                #expect(blocked?.code == .connectionFailed)
                #expect(!client.isConnected)
            }
        }

        @Test func `a host without a name says so`() async throws {
            try await withClient("redis://no-such-host.invalid", { $0.commandTimeout = .seconds(3) }) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.code == .connectionFailed)
            }
        }

        @Test func `a write to a replica fails and the connection is made anew`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    let before = try await client.send(["CLIENT", "ID"]).int
                    _ = try await client.send(["REPLICAOF", "127.0.0.1", "1"])
                    let error = await #expect(throws: RedisError.self) { try await client.send(["SET", "a", 1]) }
                    #expect(error?.code == .readOnly)
                    #expect(error?.wasSent == false)
                    #expect(try await client.send(["CLIENT", "ID"]).int != before)
                }
            }
        }

        @Test func `a server that is loading is not ready and is waited for`() async throws {
            let slow = [
                "--enable-debug-command", "local", "--key-load-delay", "1000",
                "--loading-process-events-interval-bytes", "1024",
            ]
            try await RedisServer.running(slow) { server in
                try await withClient(server.url) { client in
                    _ = try await client.send(["DEBUG", "POPULATE", 3000])
                    _ = try await client.send(["SAVE"])
                    try await server.killAndWait()
                    try await server.start()
                    let dialer = Dialer(
                        configuration: try RedisConfiguration(url: server.url),
                        group: MultiThreadedEventLoopGroup.singleton, logger: LogRecorder().logger)
                    let error = await #expect(throws: RedisError.self) {
                        try await dialer.dial(on: dialer.nextEventLoop(), .init(replies: { _, _ in }))
                    }
                    #expect(error?.code == .notReady)
                    #expect(try await client.send(["DBSIZE"]) == .integer(3000))
                }
            }
        }
    }
}
