import JobFlow

/// A few jobs, some workers, and one step after the other, drawn from a seed: workers claim, settle, renew, forget, come
/// back from the dead and repeat themselves, while leases run out and deadlines pass. After each step, what the store
/// said has to fit the lives of the jobs.
struct RandomSteps {
    private let test: StoreUnderTest
    private let livingJobs: Int
    /// Of a hundred claims, so many get a lease that hardly holds.
    private let crashes: Int
    /// It may have as many jobs as there ever are.
    private static let caller = "somebody"
    private var random: SeededGenerator
    private var lives: [JobID: JobBiography] = [:]
    private var order: [JobSpec] = []
    /// Claims, also those that no longer stand.
    private var claims: [Claim] = []
    private var lastSettlement: Settlement?
    private var reclaimed = 0

    init(_ test: StoreUnderTest, seed: UInt64, jobs: Int = 8, crashes: Int = 10) {
        self.test = test
        self.crashes = crashes
        livingJobs = jobs
        random = SeededGenerator(seed: seed)
    }

    consuming func run(steps: Int) async throws {
        for step in 1...steps {
            try await self.step()
            if step % 200 == 0 { try await checkCensus() }
        }
        try await endAll()
        try await checkLedgers()
        try await checkCensus()
        try await checkCaller()
    }

    private mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case ..<22: try await submit()
        case ..<50: try await claim(limit: Int.random(in: 0...3, using: &random))
        case ..<78: try await settleSomething()
        case ..<83: try await settleAgain()
        case ..<88: try await renew()
        case ..<95: try await lookAtOne()
        default: try await test.advance(.milliseconds(Int.random(in: 1...12, using: &random)))
        }
    }

    private mutating func submit() async throws {
        let living = lives.values.count { $0.end == nil }
        if living >= livingJobs {
            guard let known = order.randomElement(using: &random) else { return }
            return try promise(try await test.store.submit(known), is: .accepted)
        }
        let queue = ["interactive", "default", "batch"].randomElement(using: &random) ?? "default"
        var spec = Samples.spec(order.count + 1, queue: queue)
        if Int.random(in: 0..<10, using: &random) == 0 {
            spec.deadline = test.now() + .milliseconds(Int.random(in: 1...60, using: &random))
        }
        if Bool.random(using: &random) { (spec.caller, spec.callerLimit) = (Self.caller, livingJobs) }
        if Bool.random(using: &random) {
            let key = ["a", "b", "c"].randomElement(using: &random) ?? "a"
            spec.reuse = AnswerReuse(key: key, ttl: .milliseconds(10), staleFor: .milliseconds(20))
        }
        try promise(try await test.store.submit(spec), is: .accepted)
        order.append(spec)
        lives[spec.id] = JobBiography(queue: queue)
    }

    private mutating func claim(limit: Int, lease: Duration? = nil) async throws {
        let shares = ["interactive", "default", "batch"].map { QueueShare(queue: $0, jobs: 1) }
        let urgent = UrgentShare(jobs: Int.random(in: 0...2, using: &random), within: .milliseconds(30))
        let round = try await test.visit(
            limit, lease: lease ?? randomLease(), shares: shares, urgent: urgent,
            servesStale: Int.random(in: 0..<4, using: &random) == 0)
        let called = round.claims.count { $0.stored == nil }
        try promise(called <= limit, "\(limit) were asked for, \(called) came")
        reclaimed += round.reclaimed.count
        if !round.reclaimed.isEmpty { for id in lives.keys { lives[id]?.someLeaseWasTakenBack() } }
        for ended in round.ended { try lives[ended.id]?.ended(promised(ended.state, "a terminal state")) }
        for claim in round.claims {
            try lives[claim.spec.id]?.claimed(claim)
            claims.append(claim)
        }
        // A long memory, but not an endless one.
        let lives = lives
        claims.removeAll { claim in lives[claim.spec.id].map { !$0.isHeld && $0.epoch > claim.epoch + 2 } ?? true }
    }

    private mutating func randomLease() -> Duration {
        let isShort = Int.random(in: 0..<100, using: &random) < crashes
        return isShort ? .milliseconds(Int.random(in: 1...10, using: &random)) : StoreUnderTest.longLease
    }

    private mutating func settleSomething() async throws {
        guard let claim = claims.randomElement(using: &random) else { return }
        let rows = Int.random(in: 0...2, using: &random)
        let settlement = Settlement(
            claim: claim, verdict: randomVerdict(claim), attempts: (0..<rows).map { row(claim.attempts + 1 + $0) },
            spent: claim.spent + rows, rounds: claim.rounds + 1)
        try await settle(settlement)
    }

    private mutating func settleAgain() async throws {
        if let lastSettlement { try await settle(lastSettlement) }
    }

    private mutating func settle(_ settlement: Settlement) async throws {
        let outcome = try await test.store.settle(settlement)
        try lives[settlement.id]?.settled(settlement, outcome)
        lastSettlement = settlement
    }

    private mutating func randomVerdict(_ claim: Claim) -> Verdict {
        let word = "\(claim.spec.id) \(claim.epoch) \(UInt16.random(in: .min ... .max, using: &random))"
        let delay = Duration.milliseconds(Int.random(in: 0...15, using: &random))
        if let stored = claim.stored { return .completed(stored.result, nil) }
        switch Int.random(in: 0..<20, using: &random) {
        case ..<2: return .answer(word)
        case ..<5: return .reusable(word)
        case ..<7: return .failed(.deadlineExceeded, answer: nil)
        case ..<8: return .expired
        case ..<15: return .retry(after: delay)
        default: return .released(after: Bool.random(using: &random) ? .zero : delay)
        }
    }

    private mutating func renew() async throws {
        let some = claims.filter { _ in Bool.random(using: &random) }
        let lost = try await test.store.renew(some, lease: randomLease())
        for claim in some where lives[claim.spec.id].map({ $0.epoch != claim.epoch || !$0.isHeld }) ?? true {
            try promise(lost.contains(claim.spec.id), "a claim that does not stand was renewed")
        }
    }

    private mutating func lookAtOne() async throws {
        guard let spec = order.randomElement(using: &random) else { return }
        try lives[spec.id]?.check(try await test.record(spec.id))
    }

    /// Whatever still lives is brought to an end.
    private mutating func endAll() async throws {
        let limit = ContinuousClock.now + .seconds(30)
        while lives.values.contains(where: { $0.end == nil }) {
            try promise(ContinuousClock.now < limit, "some jobs never came back")
            try await claim(limit: 100, lease: StoreUnderTest.longLease)
            for claim in claims where lives[claim.spec.id]?.isHeld == true {
                try await settle(Settlement(claim: claim, verdict: .answer("end"), attempts: [], spent: 0, rounds: 0))
            }
            try await test.advance(.milliseconds(10))
        }
    }

    private func checkLedgers() async throws {
        var abandoned = 0
        for spec in order {
            let record = try await test.record(spec.id)
            try lives[spec.id]?.check(record)
            abandoned += try record.rows().count { $0.outcome == .abandoned }
        }
        try promise(abandoned, is: reclaimed)
        try promise(reclaimed > 0, "no lease ran out")
    }

    private func checkCensus() async throws {
        var expected: [String: [JobState: Int]] = ["interactive": [:], "default": [:], "batch": [:]]
        for spec in order {
            let state = try await test.state(spec.id)
            if !state.isTerminal || state == .failed { expected[spec.queue]?[state, default: 0] += 1 }
        }
        for (queue, counts) in expected { try promise(try await test.counts(queue), is: counts) }
    }

    /// Everything of the caller has ended: it may have as many as at the start.
    private func checkCaller() async throws {
        for number in 1...livingJobs + 1 {
            var spec = Samples.spec(order.count + number)
            (spec.caller, spec.callerLimit) = (Self.caller, livingJobs)
            try promise(try await test.store.submit(spec), is: number > livingJobs ? .callerFull : .accepted)
        }
    }

    private func row(_ number: Int) -> Attempt {
        Attempt(
            number: number, endpoint: "one", region: "eastus", tier: "ptu", worker: "worker-1", startedAt: test.now(),
            endedAt: test.now(), outcome: .retry, billed: .no)
    }
}
