/// Where a job is. The raw values are those of the HTTP API and of the record in Redis.
package enum JobState: String, CaseIterable, Sendable {
    /// In the stream of its queue, waiting for a worker.
    case queued
    /// Waiting for the time of its next attempt; holds no worker.
    case scheduled
    /// Held by one worker, under a lease.
    case inProgress = "in_progress"
    case completed
    case failed
    case cancelled
    case expired

    /// A terminal state is reached once and never left, but by an operator's explicit retry.
    package var isTerminal: Bool {
        switch self {
        case .queued, .scheduled, .inProgress: false
        case .completed, .failed, .cancelled, .expired: true
        }
    }

    /// The legal moves; everything that is not listed here is a bug in a script.
    package var successors: Set<JobState> {
        switch self {
        case .queued: [.inProgress, .cancelled, .expired]
        case .scheduled: [.queued, .cancelled, .expired]
        case .inProgress: [.completed, .failed, .expired, .cancelled, .scheduled, .queued]
        case .failed, .expired, .cancelled: [.queued]
        case .completed: []
        }
    }
}
