package import Cancellation
package import Curl
package import JobFlow
package import Logging
import Synchronization

/// The endpoint pool of one process: chooses, calls, judges. The decisions are in `PoolState`; here are the lock, the call
/// and the clock. What the fleet has to know goes through `PoolExchange`.
package final class EndpointPool: PromptCompleter {
    struct Guarded: Sendable {
        var state: PoolState
        var credentials: [Credential]
        var events: PoolEvents
        var connectTimeout: Duration
        var uses = TokenUses()
        /// The exchange knows that there is something to count.
        var isCounting = false
        /// Asked for each call, so in bulk.
        var random = BulkRandom()
    }

    let guarded: Mutex<Guarded>
    let curl: CurlClient
    let logger: Logger
    let now: WallClock
    /// Raised when the fleet should be told something at once.
    let bell = Wakeup()
    /// Raised when calls can start that a gate kept away before.
    let room = Wakeup()
    private let isAlone: Bool

    /// - Parameter isAlone: no fleet is asked: whatever is elected there, this process is.
    package init(
        configuration: PoolConfiguration, curl: CurlClient, isAlone: Bool = false, now: @escaping WallClock,
        logger: Logger
    ) {
        guarded = Mutex(
            Guarded(
                state: PoolState(configuration), credentials: configuration.endpoints.map(\.credential),
                events: PoolEvents(configuration.endpoints, logger: logger),
                connectTimeout: configuration.connectTimeout))
        self.curl = curl
        self.isAlone = isAlone
        self.logger = logger
        self.now = now
    }

    package func capacity() -> PoolCapacity {
        let now = now()
        return guarded.withLock { guarded in
            if isAlone { guarded.state.elect(at: now) }
            return guarded.state.capacity(at: now)
        }
    }

    /// A call that ends makes room, too, but who made it knows that.
    package func waitForRoom() async { await room.sleep() }

    private var shape: PoolShape { guarded.withLock { $0.state.shape } }

    package func complete(
        _ prompt: Prompt, avoiding tried: Set<String>, cancellation: CallCancellation
    ) async -> CompletionOutcome {
        switch choose(prompt, tried) {
        case .call(let call): return .called(await self.call(prompt, call, target(call.endpoint), cancellation))
        case .unavailable(let wait): return .unavailable(retryAfter: wait)
        case .unserved: return .unserved
        case .tooLate: return .tooLate
        case .exhausted: return .exhausted
        }
    }

    // What is done before a call and after it stays out of its frame, which is there for as long as the call lasts.
    @inline(never)
    private func choose(_ prompt: Prompt, _ tried: Set<String>) -> PoolState.Choice {
        let needs = CallNeeds(prompt, avoiding: tried, tokens: shape.tokens(of: prompt.body))
        let start = now()
        let (choice, isFirst) = guarded.withLock { guarded in
            if isAlone { guarded.state.elect(at: start) }
            let choice = guarded.state.choose(needs, at: start, random: &guarded.random)
            defer { guarded.isCounting = true }
            return (choice, !guarded.isCounting)
        }
        if isFirst { bell.raise() }
        return choice
    }

    private func call(
        _ prompt: Prompt, _ call: StartedCall, _ target: Target, _ cancellation: CallCancellation
    ) async -> CallReport {
        let request = target.request(prompt, call)
        if prompt.isStreamed {
            let (response, classified) = await stream(request, prompt, target.endpoint, cancellation) {
                target.fault($0, prompt, call)
            }
            return report(prompt, call, target, response, classified)
        }
        do {
            return answered(prompt, call, target, try await curl.send(request, cancellation: cancellation))
        } catch { return failed(prompt, call, target, error) }
    }

    @inline(never)
    private func answered(
        _ prompt: Prompt, _ call: StartedCall, _ target: Target, _ response: CurlResponse
    ) -> CallReport {
        let classified = ClassifyAnswer.classify(response, endpoint: target.endpoint, now: now())
        return report(prompt, call, target, response, classified)
    }

    @inline(never)
    private func failed(_ prompt: Prompt, _ call: StartedCall, _ target: Target, _ error: CurlError) -> CallReport {
        report(prompt, call, target, nil, target.fault(error, prompt, call))
    }

    @inline(never)
    private func report(
        _ prompt: Prompt, _ call: StartedCall, _ target: Target, _ response: CurlResponse?, _ classified: Classified
    ) -> CallReport {
        let end = now()
        ended(prompt, call, classified, at: end)
        return classified.report(
            call, of: target.endpoint, end: end, statusCode: response?.status,
            upstreamRequestID: response.flatMap(Self.requestID))
    }

    /// An endpoint as a call sees it to its end: with the key as it is now.
    struct Target: Sendable {
        var endpoint: EndpointConfiguration
        var connectTimeout: Duration

        @inline(never)
        func request(_ prompt: Prompt, _ call: StartedCall) -> CurlRequest {
            UpstreamRequest.request(
                prompt, to: endpoint, timeout: timeout(prompt, call), connectTimeout: connectTimeout)
        }

        func fault(_ error: CurlError, _ prompt: Prompt, _ call: StartedCall) -> Classified {
            ClassifyFault.classify(
                error, hadTime: timeout(prompt, call), of: endpoint.timeout, connectTimeout: connectTimeout,
                isProbe: call.isProbe)
        }

        private func timeout(_ prompt: Prompt, _ call: StartedCall) -> Duration {
            endpoint.timeout(by: prompt.deadline, from: call.start)
        }
    }

    func target(_ index: Int) -> Target {
        guarded.withLock { guarded in
            var target = Target(endpoint: guarded.state.endpoints[index], connectTimeout: guarded.connectTimeout)
            target.endpoint.credential = guarded.credentials[index]
            return target
        }
    }

    private func ended(_ prompt: Prompt, _ call: StartedCall, _ classified: Classified, at end: Timestamp) {
        let index = call.endpoint
        let (before, after, events, isNews) = guarded.withLock { guarded in
            let before = guarded.state.gates[index]
            guarded.state.ended(call, classified, at: end)
            if let usage = classified.usage {
                guarded.uses.add(
                    usage, TokenUses.Key(endpoint: index, model: prompt.model ?? "", queue: prompt.queue),
                    estimated: call.expected)
            }
            let after = guarded.state.gates[index]
            return (before, after, guarded.events, after.hasNews(at: end))
        }
        events.changed(index, from: before, to: after)
        if isNews { bell.raise() }
        if after.hasOpened(since: before, at: end) { room.raise() }
    }

    private static func requestID(_ response: CurlResponse) -> String? {
        (response.headers["apim-request-id"] ?? response.headers["x-request-id"]).map { String($0.prefix(128)) }
    }
}
