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
    /// Just now or before; `epoch` is that of its last claim. `wasWaiting`: just now, while nobody ran it, so that nobody else
    /// tells of its end.
    case cancelled(epoch: Int, wasWaiting: Bool)
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
    /// The last job of the page before.
    package var after: JobID?
    package var limit: Int

    package init(
        state: JobState, queue: String? = nil, reason: String? = nil, since: Timestamp? = nil, until: Timestamp? = nil,
        after: JobID? = nil, limit: Int = 20
    ) {
        self.state = state
        self.queue = queue
        self.reason = reason
        self.since = since
        self.until = until
        self.after = after
        self.limit = limit
    }
}

package struct JobList: Sendable, Equatable {
    package var jobs: [JobRecord]
    package var hasMore: Bool

    package init(jobs: [JobRecord], hasMore: Bool) {
        self.jobs = jobs
        self.hasMore = hasMore
    }
}
