import Curl
import JobFlow
import Synchronization

/// The algorithm of the reference article: a request goes to the endpoints in turn, waits by a doubling schedule after each
/// failure, and fails when its attempts are used up.
final class RetryingService: Sendable {
    struct Counts: Sendable {
        var answered = 0
        var failed = 0
        var calls = 0
    }

    private let curl: CurlClient
    private let urls: [String]
    private let policy: RetryingPolicy
    private let bodies: [[UInt8]]
    private let counts = Mutex(Counts())
    private let turn = Atomic<Int>(0)

    init(curl: CurlClient, urls: [String], policy: RetryingPolicy, bodies: [[UInt8]]) {
        self.curl = curl
        self.urls = urls
        self.policy = policy
        self.bodies = bodies
    }

    func run(concurrency: Int, for time: Duration) async -> Counts {
        let end = ContinuousClock.now + time
        await withDiscardingTaskGroup { group in
            for _ in 0..<concurrency {
                group.addTask {
                    while ContinuousClock.now < end { await self.request(until: end) }
                }
            }
        }
        return counts.withLock { $0 }
    }

    private func request(until end: ContinuousClock.Instant) async {
        let number = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        for attempt in 1...RetryingPolicy.attempts {
            let isAnswered = await call(bodies[number % bodies.count], urls[(number + attempt) % urls.count])
            counts.withLock { $0.calls += 1 }
            if isAnswered { return counts.withLock { $0.answered += 1 } }
            guard ContinuousClock.now < end else { return }
            if attempt < RetryingPolicy.attempts { try? await Task.sleep(for: policy.delay(after: attempt)) }
        }
        counts.withLock { $0.failed += 1 }
    }

    private func call(_ body: [UInt8], _ url: String) async -> Bool {
        let request = CurlRequest(
            url: url + "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
            headers: [("content-type", "application/json"), ("api-key", "bench")], body: body)
        return (try? await curl.send(request))?.status == 200
    }
}
