package import JobFlow
import Synchronization

/// A store with what the contract needs to know of it. Its queues are `interactive`, `default` and `batch`.
package struct StoreUnderTest: Sendable {
    /// Remembers what the server holds now. Calling what it returns begins another life of the server with that.
    package typealias Remember = @Sendable () async throws -> @Sendable () async throws -> Void

    package let store: any JobStore & JobControl & JobEvents & JobBatches
    /// The crash limit that the store was made with; at least 2.
    package let crashLimit: Int
    /// The clock that the store reads leases and deadlines from.
    package let now: WallClock
    /// Lets so much time pass for the store: its clock is moved.
    package let advance: @Sendable (Duration) async throws -> Void
    package let remember: Remember

    /// How many jobs may wait in the queue `batch`.
    package static let batchLength = 500

    package init(
        _ store: any JobStore & JobControl & JobEvents & JobBatches, crashLimit: Int, now: @escaping WallClock,
        advance: @escaping @Sendable (Duration) async throws -> Void, remember: @escaping Remember
    ) {
        self.store = store
        self.crashLimit = crashLimit
        self.now = now
        self.advance = advance
        self.remember = remember
    }
}

extension StoreUnderTest {
    /// A lease that no test outlives.
    package static let longLease = Duration.seconds(600)
    /// A lease that a test lets run out.
    static let shortLease = Duration.milliseconds(150)

    @discardableResult
    func submit(_ numbers: some Sequence<Int>, queue: String = "default") async throws -> [JobSpec] {
        let specs = numbers.map { Samples.spec($0, queue: queue) }
        for spec in specs { try promise(try await store.submit(spec), is: .accepted) }
        return specs
    }

    /// Visits the partition; `shares` of nil lets `default` take everything.
    @discardableResult
    package func visit(
        _ limit: Int, lease: Duration = longLease, worker: String = "worker-1", round: Int? = nil,
        shares: [QueueShare]? = nil, urgent: UrgentShare = UrgentShare(), servesStale: Bool = false
    ) async throws -> ClaimRound {
        let shares = shares ?? [QueueShare(queue: "default", jobs: limit)]
        var request = ClaimRequest(
            partition: 0, worker: worker, lease: lease, limit: limit, round: round ?? Self.nextRound(),
            server: try await store.server(0).identity, shares: shares)
        request.urgent = urgent
        request.servesStale = servesStale
        return try await store.claim(request)
    }

    private static let rounds = Atomic(0)

    /// A number that no round has had.
    package static func nextRound() -> Int { rounds.wrappingAdd(1, ordering: .relaxed).newValue }

    func claim(
        _ limit: Int = 1, lease: Duration = longLease, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> [Claim] {
        let claims = try await visit(limit, lease: lease).claims
        try promise(claims.count == limit, "\(limit) jobs were promised, \(claims.count) came", file: file, line: line)
        return claims
    }

    func claimOne(
        lease: Duration = longLease, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> Claim {
        try await claim(1, lease: lease, file: file, line: line)[0]
    }

    /// One job, submitted and claimed.
    func held(_ number: Int = 1, lease: Duration = longLease) async throws -> Claim {
        try await submit([number])
        return try await claimOne(lease: lease)
    }

    /// Claims one job as soon as there is one.
    func nextClaim(lease: Duration = longLease) async throws -> Claim {
        var claims: [Claim] = []
        try await eventually {
            claims = try await visit(1, lease: lease).claims
            if claims.isEmpty { try await advance(.milliseconds(20)) }
            return !claims.isEmpty
        }
        return claims[0]
    }

    @discardableResult
    func settle(_ claim: Claim, _ verdict: Verdict, rows: Int = 1, spent: Int? = nil, rounds: Int? = nil)
        async throws -> SettleOutcome
    {
        var settlement = settlement(claim, verdict, rows: rows)
        settlement.spent = spent ?? settlement.spent
        settlement.rounds = rounds ?? settlement.rounds
        return try await store.settle(settlement)
    }

    func settlement(_ claim: Claim, _ verdict: Verdict, rows: Int) -> Settlement {
        Settlement(
            claim: claim, verdict: verdict, attempts: (0..<rows).map { attempt(claim.attempts + 1 + $0, verdict) },
            spent: claim.spent + rows, rounds: claim.rounds)
    }

    func record(_ id: JobID, file: StaticString = #fileID, line: UInt = #line) async throws -> JobRecord {
        try promised(try await store.record(id), "a record of \(id)", file: file, line: line)
    }

    func state(_ id: JobID) async throws -> JobState { try await record(id).state }

    func counts(_ queue: String = "default") async throws -> [JobState: Int] {
        let census = try await store.census().first { $0.queue == queue }
        return try promised(census, "a census of \(queue)").counts.filter { $0.value != 0 }
    }

    /// Runs `body` while time passes.
    func whileTimePasses<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while !Task.isCancelled {
                    try await advance(.milliseconds(20))
                    try await Task.sleep(for: .milliseconds(1))
                }
                return nil
            }
            defer { group.cancelAll() }
            return try promised(try await group.next() ?? nil, "an end")
        }
    }

    private func attempt(_ number: Int, _ verdict: Verdict) -> Attempt {
        Attempt(
            number: number, endpoint: "eastus-ptu", region: "eastus", tier: "ptu", worker: "worker-1", startedAt: now(),
            endedAt: now() + .milliseconds(20), outcome: Self.outcome(verdict), statusCode: 200,
            reason: Self.outcome(verdict) == .completed ? nil : "server_error", delayMilliseconds: nil, billed: .maybe,
            usage: TokenUsage(promptTokens: 7, completionTokens: 3), upstreamRequestID: "up-\(number)")
    }

    private static func outcome(_ verdict: Verdict) -> Attempt.Outcome {
        switch verdict {
        case .completed: .completed
        case .retry: .retry
        case .failed, .expired: .failed
        case .released: .released
        case .cancelled: .cancelled
        }
    }
}

extension JobSpec {
    /// As whoever does not run the job gets it.
    var bodiless: JobSpec {
        var copy = self
        copy.body = []
        return copy
    }
}

extension JobRecord {
    /// The rows of the ledger.
    func rows() throws -> [Attempt] {
        let json = try JSONValue(parsing: Array("[".utf8) + ledger + Array("]".utf8))
        return try promised(json.array, "a ledger").map {
            try promised($0.object.flatMap(Attempt.init), "a readable row of the ledger")
        }
    }
}

extension Verdict {
    /// A completion whose answer says which one it was.
    static func answer(_ text: String) -> Verdict {
        .completed(
            JobResult(statusCode: 200, body: Array("{\"answer\":\"\(text)\"}".utf8), endpoint: "eastus-ptu"),
            TokenUsage(promptTokens: 7, completionTokens: 3))
    }
}
