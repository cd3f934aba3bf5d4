/// The seam to the queue. `JobQueue` implements it on Redis, `TestKit` in memory; one contract suite tests both.
package protocol JobStore: Sendable {
    /// Accepts a job, or finds the one that the same idempotency key made before. Sending the same job again is harmless.
    ///
    /// - Parameter isPromised: the client has its 202 already, so it is not refused any more: a full queue takes it, and an
    ///   idempotency key that made another job before makes this one an alias of it (`aliased`) or ends it as failed.
    func submit(_ spec: JobSpec, isPromised: Bool) async throws(StoreError) -> SubmitOutcome

    /// The same for many jobs, in their order.
    func submit(_ specs: [JobSpec], isPromised: Bool) async throws(StoreError) -> [SubmitOutcome]

    /// The same of a new job whose end is waited for in this process: if it is accepted, the first `record(endedWithin:)` waits
    /// without having looked at it. To be given back by `unwatch`, should nobody wait.
    func submitAndWatch(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome

    func unwatch(_ id: JobID)

    /// Takes up to `limit` jobs of one partition under a lease, and does the partition's housekeeping: promotes retries
    /// that are due, takes back expired leases, ends jobs whose deadline has passed. `limit` 0 does only that. A round that
    /// is sent again, because its reply was lost, brings the same jobs.
    ///
    /// - Throws: `serverChanged` when the server is not the one that the request names.
    func claim(_ request: ClaimRequest) async throws(StoreError) -> ClaimRound

    /// Extends leases. Returns those that no longer stand. A record that is behind a claim has lost writes: there the claim
    /// is put in force again.
    func renew(_ claims: [Claim], lease: Duration) async throws(StoreError) -> Set<JobID>

    /// Writes the end of a claim, if the claim still stands. Not given up when the caller is cancelled: a worker settles
    /// its last jobs when its own time is over.
    func settle(_ settlement: Settlement) async throws(StoreError) -> SettleOutcome

    /// Reads a job; nil if there is none of that name.
    func record(_ id: JobID) async throws(StoreError) -> JobRecord?

    /// Reads a job as soon as it has ended, or as it is when the time is up. Interrupted, it returns what was read last.
    func record(_ id: JobID, endedWithin wait: Duration, unless interruption: Interruption?) async throws(StoreError)
        -> JobRecord?

    /// The upstream request of a job, which records are read without; nil if there is none of that name, or it was lost.
    func body(_ id: JobID) async throws(StoreError) -> [UInt8]?

    /// Sleeps until a partition may have work, or the time is up.
    func waitForWork(_ partitions: [Int], atMost: Duration) async throws(StoreError)

    /// Jobs by queue and state, and the age of the oldest that waits.
    func census() async throws(StoreError) -> [QueueCensus]

    /// Which server answers for a partition, and until when its memory reaches.
    func server(_ partition: Int) async throws(StoreError) -> ServerMemory

    /// Says that a journal has told this server everything it knows, and asks who of the others has not.
    ///
    /// - Parameter memory: for so long after it was last heard of, a journal is waited for.
    /// - Throws: `serverChanged` when it is not this server any more.
    func announce(_ member: String, to server: ServerIdentity, partition: Int, memory: Duration)
        async throws(StoreError) -> FleetStanding

    /// Where jobs are, in the order asked; nil for one that the queue does not know.
    func standings(_ ids: [JobID]) async throws(StoreError) -> [JobStanding?]
}

extension JobStore {
    package func submitAndWatch(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome { try await submit(spec) }

    package func unwatch(_ id: JobID) {}

    package func submit(_ spec: JobSpec) async throws(StoreError) -> SubmitOutcome {
        try await submit(spec, isPromised: false)
    }

    package func record(_ id: JobID, endedWithin wait: Duration) async throws(StoreError) -> JobRecord? {
        try await record(id, endedWithin: wait, unless: nil)
    }

    package func submit(_ specs: [JobSpec], isPromised: Bool) async throws(StoreError) -> [SubmitOutcome] {
        var outcomes: [SubmitOutcome] = []
        for spec in specs { outcomes.append(try await submit(spec, isPromised: isPromised)) }
        return outcomes
    }
}

/// Names one life of one server: a restart, a failover or a wiped server has another name.
package struct ServerIdentity: Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ name: String) { description = name }
}

package struct ServerMemory: Sendable, Equatable {
    package var identity: ServerIdentity
    /// The last moment, by the server's clock, of which it surely remembers everything; nil if it remembers nothing.
    package var remembersUntil: Timestamp?

    package init(identity: ServerIdentity, remembersUntil: Timestamp?) {
        self.identity = identity
        self.remembersUntil = remembersUntil
    }
}

/// How far a fleet is in telling a server what its journals know.
package struct FleetStanding: Sendable, Equatable {
    /// Journals that were there when the server lost its memory and have not told it anything yet.
    package var waitingFor: Set<String>
    /// Since this life of the server was first looked at.
    package var age: Duration

    package init(waitingFor: Set<String>, age: Duration) {
        self.waitingFor = waitingFor
        self.age = age
    }
}

/// The little of a record that tells where the job is.
package struct JobStanding: Sendable, Equatable {
    package var state: JobState
    package var epoch: Int
    /// Rows in the ledger.
    package var attempts: Int

    package init(state: JobState, epoch: Int, attempts: Int) {
        self.state = state
        self.epoch = epoch
        self.attempts = attempts
    }
}

package struct ClaimRequest: Sendable {
    package var partition: Int
    package var worker: String
    package var lease: Duration
    package var limit: Int
    /// Counts the rounds of this worker. A round that was not answered is asked for again under the same number.
    package var round: Int
    /// The server that this worker knows to have all it knows itself.
    package var server: ServerIdentity
    /// How many of `limit` each queue may take before the rest is shared out, in order.
    package var shares: [QueueShare]
    /// Jobs that are taken before all others, whatever their queue's share.
    package var urgent = UrgentShare()
    /// No endpoint can be called: up to a hundred jobs that may be served an answer of the past, and have one, are taken
    /// beyond `limit`.
    package var servesStale = false

    package init(
        partition: Int, worker: String, lease: Duration, limit: Int, round: Int, server: ServerIdentity,
        shares: [QueueShare]
    ) {
        self.partition = partition
        self.worker = worker
        self.lease = lease
        self.limit = limit
        self.round = round
        self.server = server
        self.shares = shares
    }
}

package struct QueueShare: Sendable, Equatable {
    package var queue: String
    package var jobs: Int
    /// The most that the queue takes in one visit, whatever the others leave; urgent jobs are not counted.
    package var most: Int

    package init(queue: String, jobs: Int, most: Int = .max) {
        self.queue = queue
        self.jobs = jobs
        self.most = most
    }
}

/// Waiting jobs whose deadline is near: the earliest first, out of the order of their streams.
package struct UrgentShare: Sendable, Equatable {
    /// The most of them; counts against the request's limit.
    package var jobs: Int
    /// A deadline is near that is not further away.
    package var within: Duration

    package init(jobs: Int = 0, within: Duration = .zero) {
        self.jobs = jobs
        self.within = within
    }
}

package enum SubmitOutcome: Sendable, Equatable {
    case accepted
    /// The same key and the same content made this job before.
    case duplicate(of: JobID)
    /// The same key came with other content before.
    case conflict(with: JobID)
    /// A promised job whose key had made another one: whoever asks for it reads that other one.
    case aliased(to: JobID)
    /// The queue holds as many waiting jobs as worker.json allows.
    case full
    /// The caller has as many jobs that have not ended as it may.
    case callerFull
}

package struct QueueCensus: Sendable, Equatable {
    package var queue: String
    package var counts: [JobState: Int]
    /// Age of the entry at the head of the stream; zero when the queue is empty.
    package var oldestAge: Duration
    /// Its jobs are kept, and not claimed.
    package var isPaused: Bool

    package init(queue: String, counts: [JobState: Int], oldestAge: Duration, isPaused: Bool = false) {
        self.queue = queue
        self.counts = counts
        self.oldestAge = oldestAge
        self.isPaused = isPaused
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
        /// The server is not the one that the caller has reconciled with: it may have lost writes.
        case serverChanged
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
