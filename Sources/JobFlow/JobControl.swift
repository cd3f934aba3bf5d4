/// The seam to the queue for those who steer it: clients that cancel, operators who look after dead letters.
package protocol JobControl: Sendable {
    /// Ends a job that has not ended; a worker that runs it is told at once. Cancelling twice is harmless.
    func cancel(_ id: JobID) async throws(StoreError) -> CancelOutcome

    /// Runs a failed, expired or cancelled job again, with a fresh budget of attempts; its ledger is kept. A deadline that
    /// has passed is taken off.
    func retry(_ id: JobID) async throws(StoreError) -> ControlOutcome

    /// Forgets a job that has ended.
    func delete(_ id: JobID) async throws(StoreError) -> ControlOutcome

    /// A page of the jobs in one state, newest first.
    func list(_ page: JobPage) async throws(StoreError) -> JobList

    /// Stops or resumes the claiming of a queue's jobs, in all partitions.
    func pause(_ queue: String, _ isPaused: Bool) async throws(StoreError)

    /// Tells of cancelled jobs until the task is cancelled. `onGap` means that some may have been missed.
    func watchCancellations(
        onCancel: @escaping @Sendable (JobID) -> Void, onGap: @escaping @Sendable () -> Void
    ) async
}

package enum CancelOutcome: Sendable, Equatable {
    /// Just now, from this state; or before, and then that is nil. `epoch` is that of its last claim.
    case cancelled(epoch: Int, from: JobState?)
    case ended(JobState)
    case missing
}

package enum ControlOutcome: Sendable, Equatable {
    case done
    /// Its state does not allow it.
    case refused(JobState)
    case missing
}

/// What a list shows.
package struct JobPage: Sendable, Equatable {
    /// `queued`, `scheduled`, `in_progress` or `failed`: the states that the queue keeps lists of.
    package var state: JobState
    package var queue: String?
    /// Only jobs that failed with this error code.
    package var reason: String?
    /// Only jobs that came to this state in this span.
    package var since: Timestamp?
    package var until: Timestamp?
    /// The `last` of the page before.
    package var after: JobID?
    package var limit: Int
    /// How many jobs are looked at, at most, positive: bounds what a filter costs that fits few of very many.
    package var looks: Int

    package init(
        state: JobState, queue: String? = nil, reason: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        after: JobID? = nil, limit: Int = 20, looks: Int = 5_000
    ) {
        self.state = state
        self.queue = queue
        self.reason = reason
        self.since = since
        self.until = until
        self.after = after
        self.limit = limit
        self.looks = looks
    }
}

package struct JobList: Sendable, Equatable {
    package var jobs: [JobRecord]
    /// Whether there are more to look at; that need not fit.
    package var hasMore: Bool
    /// The last job that was looked at, where the next page goes on. It need not be one of the page.
    package var last: JobID?

    package init(jobs: [JobRecord] = [], hasMore: Bool = false, last: JobID? = nil) {
        self.jobs = jobs
        self.hasMore = hasMore
        self.last = last
    }
}
