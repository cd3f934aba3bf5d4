import Hummingbird
import HummingbirdTesting
import JobFlow
import JobIntake
import Logging
import ServiceLifecycle
import TestKit
import Testing

/// Over real sockets: clients that are slow, wrong, or gone, and a server that stops.
@Suite(.timeLimit(.minutes(5))) struct ConnectionTests {
    private func withServer<Value: Sendable>(
        _ configuration: IntakeConfiguration = defaultConfiguration, store: any JobStore = makeStore(),
        control: (any JobControl)? = nil, _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        var configuration = configuration
        configuration.port = 0
        let server = makeServer(configuration, store: store, control: control)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { listening.yield($0) } }
            defer { group.cancelAll() }
            var iterator = ports.makeAsyncIterator()
            return try await body(try #require(await iterator.next()))
        }
    }

    private func expectRefusal(_ answer: String, _ status: String, code: String) {
        #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
        #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
        #expect(answer.lowercased().contains("\r\nx-request-id: "))
        #expect(answer.contains(#""code":"\#(code)""#))
    }

    @Test(arguments: [
        "POST /v1/jobs HTTP/1.1\r\nhost: x\r\nx-slow",
        "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{\"prompt\":\"a\"}",
        "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nE\r\n{\"prompt\":\"a\"}\r\n",
    ])
    func `a request that does not arrive is answered with 408, and makes no job`(bytes: String) async throws {
        var configuration = defaultConfiguration
        configuration.requestTimeout = .milliseconds(50)
        let store = makeStore()
        try await withServer(configuration, store: store) { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send(bytes)
                return try await client.readToEnd()
            }
            expectRefusal(answer, "408", code: "request_timeout")
        }
        #expect(try await store.claimAll().isEmpty)
    }

    @Test func `a chunked body over the limit is refused before it has ended`() async throws {
        try await withServer { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send("POST /v1/jobs HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
                try await client.send("20000\r\n" + String(repeating: " ", count: 0x20000))
                return try await client.readToEnd()
            }
            expectRefusal(answer, "413", code: "request_too_large")
        }
    }

    @Test func `an announced body over the limit is refused before it comes`() async throws {
        try await withServer { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send("POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999\r\n\r\n")
                return try await client.readToEnd()
            }
            expectRefusal(answer, "413", code: "request_too_large")
        }
    }

    @Test(arguments: [
        "\0\0\0\0\r\n\r\n", "GET /livez HTTP/9.9\r\n\r\n", "GET\r\n\r\n",
        "POST /v1/jobs HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
    ])
    func `what is not HTTP is answered with 400`(bytes: String) async throws {
        try await withServer { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send(bytes)
                return try await client.readToEnd()
            }
            expectRefusal(answer, "400", code: "malformed_request")
        }
    }

    @Test func `a body that breaks off makes no job`() async throws {
        let store = makeStore()
        try await withServer(store: store) { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send(
                    "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 20\r\n\r\n{\"prompt\":\"a\"}")
                client.endSending()
                return try await client.readToEnd()
            }
            #expect(!answer.hasPrefix("HTTP/1.1 202"))
        }
        #expect(try await store.claimAll().isEmpty)
    }

    @Test func `a connection serves many requests, refused ones too`() async throws {
        try await withServer { port in
            try await RawClient.connected(port) { client in
                for _ in 0..<3 {
                    try await client.send(
                        "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\n{}"
                            + "GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n")
                    try await client.send(
                        "POST /v1/jobs HTTP/1.1\r\nhost: x\r\ncontent-length: 14\r\n\r\n{\"prompt\":\"a\"}")
                }
                try await client.send("GET /livez HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                let answers = try await client.readToEnd()
                #expect(answers.components(of: "HTTP/1.1 400 ") == 3)
                #expect(answers.components(of: "HTTP/1.1 404 ") == 3)
                #expect(answers.components(of: "HTTP/1.1 202 ") == 3)
                #expect(answers.contains(#"{"status":"alive"}"#))
            }
        }
    }

    @Test func `an idle connection is closed`() async throws {
        var configuration = defaultConfiguration
        // Long enough that a busy machine gets its request across before it counts as idle.
        configuration.idleTimeout = .seconds(3)
        try await withServer(configuration) { port in
            let answer = try await RawClient.connected(port) { client in
                try await client.send("GET /livez HTTP/1.1\r\nhost: x\r\n\r\n")
                return try await client.readToEnd()
            }
            #expect(answer.hasPrefix("HTTP/1.1 200"))
        }
    }

    @Test func `a wait ends when its client stops sending`() async throws {
        let store = WatchedJobStore(makeStore())
        try await withServer(store: store) { port in
            let id = JobID.sample()
            _ = try await store.submit(.sample(id))
            let answer = try await RawClient.connected(port) { client in
                try await client.send("GET /v1/jobs/\(id)?wait=60 HTTP/1.1\r\nhost: x\r\n\r\n")
                await store.waitBegan()
                client.endSending()
                return try await client.readToEnd()
            }
            #expect(answer.contains(#""status":"queued""#))
        }
    }

    @Test func `a graceful stop ends waits with an answer`() async throws {
        let store = WatchedJobStore(makeStore())
        let id = JobID.sample()
        _ = try await store.submit(.sample(id))
        let (ports, listening) = AsyncStream<Int>.makeStream()
        var configuration = defaultConfiguration
        configuration.port = 0
        let hosted = Hosted(server: makeServer(configuration, store: store), listening: listening)
        let services = ServiceGroup(services: [hosted], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await services.run() }
            async let answer = Self.poll(id, ports)
            await store.waitBegan()
            await services.triggerGracefulShutdown()
            let text = try await answer
            #expect(text.contains(#""status":"queued""#))
        }
    }

    @Test(arguments: [("false", JobState.queued), ("true", .cancelled)])
    func `a client that leaves takes its job along only if it says so`(header: String, state: JobState) async throws {
        let base = makeStore()
        let store = WatchedJobStore(base)
        try await withServer(store: store, control: base) { port in
            try await RawClient.connected(port) { client in
                try await client.send(Self.chat(more: "x-sluice-cancel-on-disconnect: \(header)\r\n"))
                await store.waitBegan()
            }
            let page = JobPage(state: .queued)
            guard state == .cancelled else {
                try await Task.sleep(for: .milliseconds(50))
                return #expect(try await base.list(page).jobs.count == 1)
            }
            while try await !base.list(page).jobs.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    @Test func `a graceful stop sends those who wait for an answer elsewhere`() async throws {
        let base = makeStore()
        let store = WatchedJobStore(base)
        let (ports, listening) = AsyncStream<Int>.makeStream()
        var configuration = defaultConfiguration
        configuration.port = 0
        let server = makeServer(configuration, store: store, control: base)
        let services = ServiceGroup(services: [Hosted(server: server, listening: listening)], logger: silent)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await services.run() }
            async let answer = Self.ask(ports)
            await store.waitBegan()
            await services.triggerGracefulShutdown()
            let text = try await answer
            #expect(text.contains("503") && text.contains(#""code":"server_stopping""#))
            #expect(text.lowercased().contains("retry-after-ms: 1000") && text.contains("x-sluice-job-id: job_"))
        }
        #expect(try await base.list(JobPage(state: .queued)).jobs.count == 1)
    }

    private static func chat(more: String = "") -> String {
        let body = #"{"model":"gpt-4o","messages":[]}"#
        return
            "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n\(more)content-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    private static func ask(_ ports: AsyncStream<Int>) async throws -> String {
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        return try await RawClient.connected(port) { client in
            try await client.send(chat())
            return try await client.readToEnd()
        }
    }

    private struct Hosted: Service {
        let server: IntakeServer
        let listening: AsyncStream<Int>.Continuation

        func run() async throws { try await server.run { listening.yield($0) } }
    }

    private static func poll(_ id: JobID, _ ports: AsyncStream<Int>) async throws -> String {
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        return try await RawClient.connected(port) { client in
            try await client.send("GET /v1/jobs/\(id)?wait=60 HTTP/1.1\r\nhost: x\r\n\r\n")
            return try await client.readToEnd()
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var (count, rest) = (0, self[...])
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}

extension JobID {
    fileprivate static func sample() -> JobID {
        var random = SystemRandomNumberGenerator()
        return JobID(partition: 0, createdAt: noon, random: &random)
    }
}

extension JobSpec {
    fileprivate static func sample(_ id: JobID) -> JobSpec {
        JobSpec(
            id: id, queue: "default", path: .chatCompletions, model: nil, body: Array("{}".utf8), createdAt: noon,
            maxAttempts: 3, correlationID: "c")
    }
}
