import Foundation
import HTTPTypes
import HummingbirdTesting
import Logging
import NIOCore
import PoolSimulator
import Testing

/// A client of one running simulator; every call has a connection of its own.
struct SimulatorClient: Sendable {
    let port: Int

    static let prompt = """
        {"model":"gpt-4o","messages":[{"role":"user","content":"Why is the sky blue?"}],"max_tokens":20}
        """

    /// A chat completion at the endpoint, with the path of the newest Azure form.
    func chat(
        _ endpoint: String = "one", body: String = Self.prompt, headers: HTTPFields = [:]
    ) async throws -> Reply {
        try await send(.post, "/\(endpoint)/openai/v1/chat/completions", body: body, headers: headers)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, body: String? = nil, headers: HTTPFields = [:],
        key: String? = "secret"
    ) async throws -> Reply {
        var headers = headers
        headers[.connection] = "keep-alive"
        if let key { headers[HTTPField.Name("api-key")!] = key }
        let request = TestClient.Request(
            path, method: method, authority: "localhost", headers: headers,
            body: body.map { ByteBuffer(string: $0) })
        return try await TestClient.withClient(host: "127.0.0.1", port: port) { client async throws in
            let response = try await withTaskCancellationHandler {
                try await client.execute(request)
            } onCancel: {
                client.channelPromise.futureResult.whenSuccess { $0.close(promise: nil) }
            }
            return Reply(status: response.status.code, headers: response.headers, body: response.body ?? ByteBuffer())
        }
    }

    func change(_ endpoint: String = "one", _ fields: String) async throws -> Reply {
        try await send(.post, "/_sim/endpoints/\(endpoint)", body: fields, key: nil)
    }

    func stats() async throws -> [String: Any] { try await send(.get, "/_sim/stats", key: nil).object() }

    func counts(_ endpoint: String = "one") async throws -> [String: Any] {
        let all = try #require(try await stats()["by_endpoint"] as? [String: [String: Any]])
        return try #require(all[endpoint])
    }

    /// Waits until the endpoint's count is the expected one, at most half a minute.
    func waitFor(_ count: String, of endpoint: String = "one", toBe expected: Int) async throws {
        let limit = ContinuousClock.now + .seconds(30)
        while try await counts(endpoint)[count] as? Int != expected {
            try #require(ContinuousClock.now < limit, "\(count) never became \(expected)")
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

struct Reply: Sendable, Equatable {
    let status: Int
    let headers: HTTPFields
    let body: ByteBuffer

    var text: String { String(buffer: body) }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    func error() throws -> [String: Any] { try #require(try object()["error"] as? [String: Any]) }
}

/// Runs a simulator on a free port for as long as the body runs.
func withSimulator(
    _ endpoints: [SimulatedEndpoint] = [SimulatedEndpoint(name: "one", region: "eastus")], seed: UInt64 = 1,
    timeline: Timeline = .empty, _ body: @escaping @Sendable (SimulatorClient) async throws -> Void
) async throws {
    let (ports, found) = AsyncStream<Int>.makeStream()
    let simulator = PoolSimulator(
        configuration: SimulatorConfiguration(endpoints: endpoints, seed: seed, timeline: timeline), logger: .quiet)
    try await withThrowingTaskGroup { group in
        group.addTask {
            defer { found.finish() }
            try await simulator.run { found.yield($0) }
        }
        for await port in ports.prefix(1) { try await body(SimulatorClient(port: port)) }
        group.cancelAll()
        try await group.waitForAll()
    }
}

extension Logger {
    static var quiet: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension TestClient.Request {
    /// For a client of its own, whose connection the test closes itself.
    static var chat: TestClient.Request { chat(body: SimulatorClient.prompt) }

    static var streamingChat: TestClient.Request {
        chat(body: SimulatorClient.prompt.replacing("\"model\"", with: "\"stream\":true,\"model\""))
    }

    private static func chat(body: String) -> TestClient.Request {
        TestClient.Request(
            "/one/v1/chat/completions", method: .post, authority: "localhost",
            headers: [.authorization: "Bearer secret"], body: ByteBuffer(string: body))
    }
}
