import Cancellation
import Curl
import JobFlow
import Logging
import NIOHTTP1
import Synchronization
import TestKit
import Testing

@testable import LLMEndpoints

/// The pool with real calls.
@Suite(.timeLimit(.minutes(5))) struct EndpointPoolTests {
    private let clock = ManualWallClock()

    private func pool(_ endpoints: EndpointConfiguration..., threshold: Int = 5) throws -> EndpointPool {
        let configuration = PoolConfiguration(
            endpoints: endpoints, breaker: BreakerPolicy(failureThreshold: threshold))
        let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return EndpointPool(
            configuration: configuration, curl: try CurlClient(), isAlone: true, now: { [clock] in clock.now },
            logger: quiet)
    }

    private func azure(_ name: String, _ url: String, priority: Int = 0) -> EndpointConfiguration {
        EndpointConfiguration(
            name: name, url: url, deployment: "d", apiVersion: "v1", region: "eastus", tier: .ptu, priority: priority,
            credential: .apiKey("key"), timeout: .seconds(60))
    }

    private func complete(_ pool: EndpointPool, avoiding tried: Set<String> = []) async throws -> CallReport {
        let prompt = Prompt(spec: Samples.spec(), attempt: 2)
        return try #require(Samples.report(await pool.complete(prompt, avoiding: tried)))
    }

    @Test func `an answer comes back whole, with everything the ledger needs`() async throws {
        let body = #"{"choices":[{"index":0}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#
        let answer = LocalEndpoint.Answer(
            headers: [("apim-request-id", "apim-1"), ("x-request-id", "x-1")], body: body)
        try await LocalEndpoint.run(answer) { upstream, url in
            let report = try await complete(try pool(azure("one", url)))
            guard case .answered(let result) = report.outcome else {
                Issue.record("it is an answer")
                return
            }
            #expect(result == JobResult(statusCode: 200, body: Array(body.utf8), endpoint: "one"))
            #expect(
                report.endpoint == "one" && report.region == "eastus" && report.tier == "ptu"
                    && report.statusCode == 200)
            #expect(report.upstreamRequestID == "apim-1" && report.billed == .yes)
            #expect(report.usage == TokenUsage(promptTokens: 5, completionTokens: 2))
            let request = try #require(upstream.requests.first)
            #expect(request.uri == "/openai/deployments/d/chat/completions?api-version=v1")
            #expect(request.body == Samples.spec().body && request.headers["api-key"] == ["key"])
            #expect(request.headers["x-sluice-attempt"] == ["2"] && request.headers["x-request-id"] == ["req-1"])
        }
    }

    @Test func `a full endpoint is closed, and the next takes the call`() async throws {
        let full = LocalEndpoint.Answer(status: 429, headers: [("retry-after-ms", "1500")])
        try await LocalEndpoint.run(full) { ptu, fullURL in
            try await LocalEndpoint.run(LocalEndpoint.Answer()) { standard, url in
                let pool = try pool(azure("ptu", fullURL), azure("standard", url, priority: 1))
                guard case .failed(let failure) = try await complete(pool).outcome else {
                    Issue.record("it is a failure")
                    return
                }
                #expect(
                    failure.reason == "throttled" && failure.retryAfter == .milliseconds(1500) && !failure.isCounted)
                #expect(try await complete(pool, avoiding: ["ptu"]).endpoint == "standard")
                #expect(try await complete(pool).endpoint == "standard")
                clock.advance(by: .milliseconds(1500))
                #expect(try await complete(pool).endpoint == "ptu")
                #expect(ptu.requests.count == 2 && standard.requests.count == 2)
            }
        }
    }

    @Test func `an endpoint that is not there is a failure, and soon nobody calls it`() async throws {
        let pool = try pool(azure("gone", "http://127.0.0.1:1"), threshold: 2)
        for _ in 0..<2 {
            let report = try await complete(pool)
            guard case .failed(let failure) = report.outcome else { continue }
            #expect(failure.reason == "connection_failed" && report.statusCode == nil && report.billed == .no)
        }
        guard case .unavailable(let wait) = await pool.complete(Prompt(spec: Samples.spec(), attempt: 1), avoiding: [])
        else {
            Issue.record("the breaker is closed")
            return
        }
        #expect(wait == .seconds(10))
        #expect(pool.capacity() == PoolCapacity(calls: 0, opensIn: .seconds(30), isClosed: true))
    }

    @Test func `what the pool does not serve, or has tried, is not called`() async throws {
        var other = azure("one", "http://127.0.0.1:1")
        other.model = "o3"
        let pool = try pool(other)
        guard case .unserved = await pool.complete(Prompt(spec: Samples.spec(), attempt: 1), avoiding: []) else {
            Issue.record("it was served")
            return
        }
        let known = Prompt(spec: Samples.spec(model: "o3"), attempt: 1)
        guard case .exhausted = await pool.complete(known, avoiding: ["one"]) else {
            Issue.record("it was called again")
            return
        }
        #expect(pool.capacity() == PoolCapacity(calls: .max))
    }

    @Test func `a cancelled call is given back, and leaves no trace at the endpoint`() async throws {
        let pool = try pool(azure("one", "http://127.0.0.1:1"), threshold: 1)
        let report = try await withThrowingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled { await Task.yield() }
                return try await complete(pool)
            }
            group.cancelAll()
            return try #require(try await group.next())
        }
        guard case .failed(let failure) = report.outcome else { return }
        #expect(failure.isCancelled && !failure.isCounted && report.billed == .no)
        #expect(pool.capacity() == PoolCapacity(calls: .max))
    }

    @Test func `usage is told with what was expected, if some endpoint needs to know that`() async throws {
        let body = #"{"choices":[{"index":0}],"usage":{"prompt_tokens":5,"completion_tokens":2}}"#
        try await LocalEndpoint.run(LocalEndpoint.Answer(body: body)) { _, url in
            var metered = azure("metered", url)
            metered.capacity = EndpointCapacity(tokensPerSecond: 1, outputWeight: 8)
            let spec = Samples.spec()
            let expected = TokenExperience().all(CallTokens(body: spec.body))
            for (pool, estimated) in [
                (try pool(azure("one", url)), 0), (try pool(azure("one", url), metered), expected),
                (try pool(metered, azure("one", url, priority: 1)), expected),
            ] {
                let report = try await complete(pool)
                #expect(
                    pool.report(process: "p").usage == [
                        TokenUse(
                            endpoint: report.endpoint, model: spec.model ?? "", queue: spec.queue, calls: 1,
                            estimated: estimated, prompt: 5, completion: 2)
                    ])
            }
            #expect(expected > 256)
        }
    }

    @Test func `whoever waits for room is told when a probe finds the endpoint well`() async throws {
        let body = #"{"choices":[{"index":0}]}"#
        try await LocalEndpoint.run(LocalEndpoint.Answer(body: body)) { _, url in
            let pool = try pool(azure("one", url), threshold: 1)
            pool.guarded.withLock { guarded in
                guarded.state.gates[0].inflight += 1
                guarded.state.gates[0].ended(EndedCall(signal: .unhealthy(), start: clock.now), at: clock.now)
            }
            #expect(pool.capacity().isClosed)
            clock.advance(by: .seconds(30))
            _ = try await complete(pool)
            await pool.waitForRoom()
            #expect(pool.capacity() == PoolCapacity(calls: .max))
        }
    }
}

extension EndpointPool {
    fileprivate func complete(_ prompt: Prompt, avoiding tried: Set<String>) async -> CompletionOutcome {
        await complete(prompt, avoiding: tried, cancellation: CallCancellation())
    }
}
