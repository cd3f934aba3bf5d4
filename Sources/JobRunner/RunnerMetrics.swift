import JobFlow
import Metrics
import Synchronization

/// The metrics of a worker's jobs. Each is made once: finding a series by its labels costs more than counting.
final class RunnerMetrics: Sendable {
    private struct Made: Sendable {
        var queues: [String: QueueMetrics] = [:]
        var endpoints: [String: EndpointMetrics] = [:]
    }

    private let made = Mutex(Made())
    private let cache = Dictionary(
        uniqueKeysWithValues: CacheOutcome.allCases.map { outcome in
            let labels = [("outcome", outcome.rawValue)]
            return (outcome, Counter(label: "sluice_cache_requests_total", dimensions: labels))
        })

    func queue(_ name: String) -> QueueMetrics {
        made.withLock { $0.queues.kept(name) { QueueMetrics(name) } }
    }

    func cache(_ outcome: CacheOutcome) { cache[outcome]?.increment() }

    func endpoint(_ name: String) -> EndpointMetrics {
        made.withLock { $0.endpoints.kept(name) { EndpointMetrics(name) } }
    }
}

/// What is counted for one queue.
final class QueueMetrics: Sendable {
    private let wait: Timer
    private let finished: [JobState: Counter]
    private let durations: [JobState: Timer]

    init(_ queue: String) {
        let ends = JobState.allCases.filter(\.isTerminal)
        func labels(_ state: JobState) -> [(String, String)] { [("queue", queue), ("status", state.rawValue)] }
        wait = Timer(label: "sluice_queue_wait_seconds", dimensions: [("queue", queue)])
        finished = Dictionary(
            uniqueKeysWithValues: ends.map {
                ($0, Counter(label: "sluice_jobs_finished_total", dimensions: labels($0)))
            })
        durations = Dictionary(
            uniqueKeysWithValues: ends.map { ($0, Timer(label: "sluice_job_duration_seconds", dimensions: labels($0))) }
        )
    }

    func waited(_ time: Duration) { wait.record(atLeastZero: time) }

    func ended(_ state: JobState) { finished[state]?.increment() }

    func lasted(_ time: Duration, until state: JobState) { durations[state]?.record(atLeastZero: time) }
}

/// What is counted for one endpoint.
final class EndpointMetrics: Sendable {
    private struct End: Hashable {
        var outcome: Attempt.Outcome
        var reason: String
    }

    private let name: String
    private let duration: Timer
    private let tokens: (prompt: Counter, completion: Counter, cached: Counter)
    private let attempts = Mutex<[End: Counter]>([:])

    init(_ name: String) {
        self.name = name
        func counter(_ kind: String) -> Counter {
            Counter(label: "sluice_tokens_total", dimensions: [("endpoint", name), ("kind", kind)])
        }
        duration = Timer(label: "sluice_attempt_duration_seconds", dimensions: [("endpoint", name)])
        tokens = (counter("prompt"), counter("completion"), counter("cached"))
    }

    func ended(_ attempt: Attempt) {
        counter(End(outcome: attempt.outcome, reason: attempt.reason ?? "")).increment()
        // What was not called for took no time that would say anything of the endpoint.
        if attempt.isCall { duration.record(atLeastZero: attempt.endedAt - attempt.startedAt) }
        if attempt.outcome == .retry, let delay = attempt.delayMilliseconds { retried(attempt.reason ?? "", delay) }
        guard let usage = attempt.usage else { return }
        tokens.prompt.increment(by: usage.promptTokens)
        tokens.completion.increment(by: usage.completionTokens)
        tokens.cached.increment(by: usage.cachedTokens)
    }

    private func retried(_ reason: String, _ delay: Int64) {
        Counter(label: "sluice_retries_total", dimensions: [("endpoint", name), ("reason", reason)]).increment()
        Timer(label: "sluice_retry_delay_seconds").record(atLeastZero: .milliseconds(delay))
    }

    private func counter(_ end: End) -> Counter {
        attempts.withLock { attempts in
            attempts.kept(end) {
                let labels = [("endpoint", name), ("outcome", end.outcome.rawValue), ("reason", end.reason)]
                return Counter(label: "sluice_attempts_total", dimensions: labels)
            }
        }
    }
}

extension Dictionary {
    /// What is under the key; made, and kept, the first time.
    fileprivate mutating func kept(_ key: Key, _ make: () -> Value) -> Value {
        if let known = self[key] { return known }
        let new = make()
        self[key] = new
        return new
    }
}

extension Timer {
    fileprivate func record(atLeastZero duration: Duration) { recordMilliseconds(max(0, duration.wholeMilliseconds)) }
}
