import Glibc
import NIOConcurrencyHelpers
import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Subscriptions {
        /// What a subscriber was told so far.
        private final class Heard: Sendable {
            private let state = NIOLockedValueBox((messages: [String](), gaps: 0))
            var messages: [String] { state.withLockedValue { $0.messages } }
            var gaps: Int { state.withLockedValue { $0.gaps } }

            func message(_ channel: String, _ payload: ArraySlice<UInt8>) {
                state.withLockedValue { $0.messages.append(channel + ":" + String(decoding: payload, as: UTF8.self)) }
            }

            func gap() { state.withLockedValue { $0.gaps += 1 } }
        }

        private func subscribed(
            _ url: String, _ adjust: (inout RedisConfiguration) -> Void = { _ in },
            _ log: LogRecorder = LogRecorder(), _ body: (RedisClient, Heard) async throws -> Void
        ) async throws {
            let heard = Heard()
            try await withClient(url, adjust, log) { client in
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        let error = await #expect(throws: RedisError.self) {
                            try await client.subscribe(
                                ["a", "b"], onMessage: { heard.message($0, $1) }, onGap: { heard.gap() })
                        }
                        #expect(error?.code == .cancelled)
                    }
                    try await eventually("the first subscription") { heard.gaps == 1 }
                    try await body(client, heard)
                    group.cancelAll()
                }
            }
        }

        @Test func `messages of all channels arrive in order`() async throws {
            try await RedisServer.running { server in
                try await subscribed(server.url) { client, heard in
                    _ = try await client.pipeline([
                        ["PUBLISH", "a", "1"], ["PUBLISH", "c", "2"], ["PUBLISH", "b", "3"],
                    ])
                    try await eventually("the messages") { heard.messages == ["a:1", "b:3"] }
                }
            }
        }

        @Test func `a restarted server is subscribed to again and the gap is told`() async throws {
            try await RedisServer.running { server in
                try await subscribed(server.url) { client, heard in
                    try await server.killAndWait()
                    try await server.start()
                    try await eventually("the second subscription") { heard.gaps == 2 }
                    _ = try await client.send(["PUBLISH", "a", "again"])
                    try await eventually("the message") { heard.messages == ["a:again"] }
                }
            }
        }

        @Test func `a server that has stopped is noticed by a listener that only listens`() async throws {
            try await RedisServer.running { server in
                let impatient = { (configuration: inout RedisConfiguration) in
                    configuration.commandTimeout = .milliseconds(500)
                    configuration.connectTimeout = .milliseconds(500)
                }
                let log = LogRecorder()
                try await subscribed(server.url, impatient, log) { _, heard in
                    server.signal(SIGSTOP)
                    try await eventually("the server is given up") { log.contains("the server does not answer") }
                    server.signal(SIGCONT)
                    try await eventually("the second subscription") { heard.gaps == 2 }
                }
            }
        }

        @Test func `a subscription without channels is refused`() async throws {
            try await RedisServer.running { server in
                try await withClient(server.url) { client in
                    let error = await #expect(throws: RedisError.self) {
                        try await client.subscribe([], onMessage: { _, _ in }, onGap: {})
                    }
                    #expect(error?.code == .command)
                }
            }
        }
    }
}
