/// The seam to the queue. `JobQueue` implements it on Redis, `TestKit` in memory; one contract suite tests both.
package protocol JobStore: Sendable {
    /// Accepts a job, or finds the one that the same idempotency key made before.
    func submit(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome

    /// Takes up to `limit` jobs of one partition under a lease, and does the partition's housekeeping: promotes retries
    /// that are due, takes back expired leases, ends jobs whose deadline has passed. `limit` 0 does only that.
    func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound

    /// Extends leases. Returns those that this worker no longer holds.
    func renew(_ claims: [Claim], worker: String, lease: Duration) async throws(StoreError) -> Set<JobID>

    /// Writes the end of a claim, if the claim still stands. Not given up when the caller is cancelled: a worker settles
    /// its last jobs when its own time is over.
    func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome

    /// Reads a job; nil if there is none of that name.
    func record(_ id: JobID) async throws(StoreError) -> JobRecord?

    /// Reads a job as soon as it has ended, or as it is when the time is up.
    func record(_ id: JobID, endedWithin wait: Duration) async throws(StoreError) -> JobRecord?

    /// Sleeps until a partition may have work, or the time is up.
    func waitForWork(_ partitions: [Int], atMost: Duration) async throws(StoreError)

    /// Jobs by queue and state, and the age of the oldest that waits.
    func census() async throws(StoreError) -> [QueueCensus]
}

package struct ClaimRequest: Sendable {
    package var partition: Int
    package var worker: String
    package var lease: Duration
    package var limit: Int
    /// How many of `limit` each queue may take before the rest is shared out, in order.
    package var shares: [QueueShare]

    package init(partition: Int, worker: String, lease: Duration, limit: Int, shares: [QueueShare]) {
        self.partition = partition
        self.worker = worker
        self.lease = lease
        self.limit = limit
        self.shares = shares
    }
}

package struct QueueShare: Sendable, Equatable {
    package var queue: String
    package var jobs: Int

    package init(queue: String, jobs: Int) {
        self.queue = queue
        self.jobs = jobs
    }
}

package enum SubmitOutcome: Sendable, Equatable {
    case accepted
    /// The same key and the same content made this job before.
    case duplicate(of: JobID)
    /// The same key came with other content before.
    case conflict(with: JobID)
}

package struct QueueCensus: Sendable, Equatable {
    package var queue: String
    package var counts: [JobState: Int]
    /// Age of the entry at the head of the stream; zero when the queue is empty.
    package var oldestAge: Duration

    package init(queue: String, counts: [JobState: Int], oldestAge: Duration) {
        self.queue = queue
        self.counts = counts
        self.oldestAge = oldestAge
    }
}

/// Why the queue could not do what it was asked.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Nobody answers, or the server is not ready to serve.
        case unavailable
        /// The server refuses writes: out of memory, read-only, too few replicas.
        case refusesWrites
        /// The server said something that this program does not understand: a bug, or foreign data under our keys.
        case protocolViolation
        /// The caller was cancelled.
        case cancelled
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same call can succeed later.
    package var isRetriable: Bool { code == .unavailable || code == .refusesWrites }

    package var description: String { "\(code.rawValue): \(message)" }
}
