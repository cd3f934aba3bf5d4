import JobFlow
import JobQueue

/// Submits many jobs by the queue's own script: large batches, some of them on their way at the same time, so that Redis
/// never waits for us.
struct QueueLoader: Sendable {
    let store: RedisJobStore
    let maker: JobMaker

    private static let batch = 1280
    private static let underway = 6

    func load(_ jobs: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (turn, start) in stride(from: 0, to: jobs, by: Self.batch).enumerated() {
                if turn >= Self.underway { try await group.next() }
                group.addTask { try await submit(start..<min(jobs, start + Self.batch)) }
            }
            try await group.waitForAll()
        }
    }

    private func submit(_ numbers: Range<Int>) async throws {
        let outcomes = try await store.submit(numbers.map(maker.job), isPromised: false)
        guard outcomes.allSatisfy({ $0 == .accepted }) else { throw LoadError(message: "a job was not accepted") }
    }
}

struct LoadError: Error, CustomStringConvertible {
    var message: String
    var description: String { message }
}
