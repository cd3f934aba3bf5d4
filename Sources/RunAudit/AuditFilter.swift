package import JobFlow

/// Which rows a query returns. A part that is nil allows everything.
package struct AuditFilter: Sendable, Equatable {
    package var job: JobID?
    package var endpoint: String?
    package var outcome: Attempt.Outcome?
    /// Attempts that started at this moment or later.
    package var since: Timestamp?
    /// Attempts that started before this moment.
    package var until: Timestamp?

    package init(
        job: JobID? = nil, endpoint: String? = nil, outcome: Attempt.Outcome? = nil, since: Timestamp? = nil,
        until: Timestamp? = nil
    ) {
        self.job = job
        self.endpoint = endpoint
        self.outcome = outcome
        self.since = since
        self.until = until
    }
}
