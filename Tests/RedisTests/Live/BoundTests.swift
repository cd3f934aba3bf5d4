import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Bounds {
        @Test func `more waiting commands than allowed are refused`() async throws {
            try await withClient("redis://127.0.0.1:1", { $0.maximumPendingCommands = 10 }) { client in
                let command: [RedisArgument] = ["PING"]
                let error = await #expect(throws: RedisError.self) {
                    try await client.pipeline(Array(repeating: command, count: 11))
                }
                #expect(error?.code == .notReady)
                #expect(error?.isRetriable == true)
            }
        }
    }
}
