import JobFlow
import Testing

@testable import RunAudit

struct CommitPaceTests {
    private let start = ContinuousClock.now
    private let interval = CommitPace.interval

    @Test func `after a commit for many the next one waits for the rest of the interval`() {
        var pace = CommitPace()
        #expect(pace.wait(at: start) == nil)
        pace.begin(CommitPace.crowd, at: start)
        let waits = [.zero, interval / 4, interval, interval * 2].map { pace.wait(at: start + $0) }
        #expect(waits == [interval, interval * 3 / 4, nil, nil])
    }

    @Test func `after a commit for few the next one begins at once`() {
        var pace = CommitPace()
        pace.begin(CommitPace.crowd, at: start)
        pace.begin(CommitPace.crowd - 1, at: start)
        #expect(pace.wait(at: start) == nil)
    }

    @Test(.timeLimit(.minutes(2)))
    func `many that write all the time share few commits`() async throws {
        let folder = try TemporaryFolder()
        let log = try folder.log()
        defer { log.close() }
        let begin = ContinuousClock.now
        try await withThrowingDiscardingTaskGroup { group in
            for job in 0..<64 {
                group.addTask {
                    while ContinuousClock.now - begin < .milliseconds(300) {
                        try await log.accept(Samples.spec(Samples.job(job)))
                    }
                }
            }
        }
        // The last ones are few, and do not wait.
        let most = Int((ContinuousClock.now - begin) / interval) + CommitPace.crowd
        #expect(log.counts.commits <= most)
    }
}
