import JobFlow
import Synchronization

/// Everything that the clients of a run were told.
final class ClientRecord: Sendable {
    /// A terminal state as it was read, and what came with it.
    struct Ending: Sendable, Hashable {
        var state: JobState
        /// Of status, body and error of the result; equal in, equal out.
        var digest: Int
    }

    struct Job: Sendable {
        var submission: String
        var acceptedAt: Timestamp
        /// Without repetitions; more than one is one too many.
        var endings: [Ending] = []
        var firstEndingAt: Timestamp?
        /// Reads that were answered 404.
        var denials = 0
    }

    struct Snapshot: Sendable {
        var jobs: [String: Job] = [:]
        /// Submissions of which some reply was lost: may have become a job that the client does not know.
        var unanswered: Set<String> = []
        var keyed = 0
        var acceptedWhileAway = 0
        var cancelled = 0
        /// What should never have been said, in words.
        var oddities: [String] = []
        fileprivate(set) var ended: [String] = []
    }

    private let snapshot = Mutex(Snapshot())

    var all: Snapshot { snapshot.withLock { $0 } }

    func accepted(_ id: String, _ submission: Submission, at time: Timestamp, redisIsAway: Bool) {
        snapshot.withLock { all in
            guard all.jobs[id] == nil else { return }
            all.jobs[id] = Job(submission: submission.name, acceptedAt: time)
            if submission.key != nil { all.keyed += 1 }
            if redisIsAway { all.acceptedWhileAway += 1 }
        }
    }

    func read(_ id: String, _ ending: Ending, at time: Timestamp) {
        snapshot.withLock { all in
            guard all.jobs[id]?.endings.contains(ending) == false else { return }
            all.jobs[id]?.endings.append(ending)
            guard all.jobs[id]?.firstEndingAt == nil else { return }
            all.jobs[id]?.firstEndingAt = time
            all.ended.append(id)
        }
    }

    /// Some job whose end was read.
    func anyEnded() -> String? { snapshot.withLock { $0.ended.randomElement() } }

    func denied(_ id: String) { snapshot.withLock { $0.jobs[id]?.denials += 1 } }

    func lostReply(of submission: Submission) { snapshot.withLock { _ = $0.unanswered.insert(submission.name) } }

    func cancelled() { snapshot.withLock { $0.cancelled += 1 } }

    func odd(_ what: String) { snapshot.withLock { $0.oddities.append(what) } }
}
