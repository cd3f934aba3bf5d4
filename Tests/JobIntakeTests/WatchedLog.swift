import JobFlow
import Synchronization
import TestKit

/// Tells a test how far a client has read a job's log: it asks for more only when it was given the rest.
final class WatchedLog: JobEvents {
    private struct Asked {
        var sequence = 0
        var states: Set<JobState> = []
    }

    private let base: any JobEvents
    private let asked = Mutex(Asked())

    init(_ base: any JobEvents) { self.base = base }

    /// Returns when all entries below that number are with the client.
    func wasGiven(_ entries: Int) async throws {
        try await eventually { asked.withLock { $0.sequence >= entries } }
    }

    /// Returns when the client knows that the job is in this state.
    func wasTold(_ state: JobState) async throws {
        try await eventually { asked.withLock { $0.states.contains(state) } }
    }

    func append(_ addition: JobEventAddition, of claim: Claim) async throws(StoreError) -> AppendOutcome {
        try await base.append(addition, of: claim)
    }

    func events(_ id: JobID, from sequence: Int, known: JobStanding?, within wait: Duration)
        async throws(StoreError) -> JobEventPage?
    {
        asked.withLock { asked in
            asked.sequence = max(asked.sequence, sequence)
            if let known { asked.states.insert(known.state) }
        }
        return try await base.events(id, from: sequence, known: known, within: wait)
    }
}
