import JobFlow
import Testing

@Suite struct JobStateTests {
    @Test(arguments: JobState.allCases)
    func `a worker or a client never moves a job out of a terminal state`(state: JobState) {
        // An operator's retry is the one way out, and it leads to the queue. A completed job stays.
        if state.isTerminal { #expect(state.successors.isSubset(of: [.queued])) }
        #expect(!state.successors.contains(state))
    }

    @Test(
        arguments: [
            (.queued, [.inProgress, .cancelled, .expired]),
            (.scheduled, [.queued, .cancelled, .expired]),
            (.inProgress, [.queued, .scheduled, .completed, .failed, .cancelled, .expired]),
            (.completed, []), (.failed, [.queued]), (.cancelled, [.queued]), (.expired, [.queued]),
        ] as [(JobState, Set<JobState>)])
    func `the legal moves are these`(state: JobState, successors: Set<JobState>) {
        #expect(state.successors == successors)
    }

    @Test func `every state can be reached from the queue`() {
        var reached: Set<JobState> = [.queued]
        for _ in JobState.allCases { reached = reached.reduce(into: reached) { $0.formUnion($1.successors) } }
        #expect(reached == Set(JobState.allCases))
    }

    @Test func `the names are those of the HTTP API`() {
        let names = ["queued", "scheduled", "in_progress", "completed", "failed", "cancelled", "expired"]
        #expect(JobState.allCases.map(\.rawValue) == names)
        #expect(JobState.allCases.filter(\.isTerminal) == [.completed, .failed, .cancelled, .expired])
    }

    @Test func `an upstream path knows its operation`() {
        let operations = ["chat/completions", "responses", "embeddings", "completions"]
        #expect(UpstreamPath.allCases.map(\.operation) == operations)
    }
}
