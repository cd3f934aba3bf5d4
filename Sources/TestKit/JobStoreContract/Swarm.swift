import JobFlow

/// Workers at the same time, some of whom die or come back too late. Whatever they do, each job ends once.
struct Swarm: Sendable {
    private let test: StoreUnderTest
    private let seed: UInt64
    private let jobs = 120
    private let workers = 6
    private let log = SwarmLog()

    init(_ test: StoreUnderTest, seed: UInt64) {
        self.test = test
        self.seed = seed
    }

    func run() async throws {
        let specs = try await test.submit(1...jobs)
        try await withThrowingTaskGroup { group in
            for worker in 0..<workers {
                group.addTask { try await work("worker-\(worker)", SeededGenerator(seed: seed + UInt64(worker))) }
            }
            try await group.waitForAll()
        }
        for spec in specs { try await log.check(try await test.record(spec.id)) }
        let failed = try await test.counts()
        try promise(Set(failed.keys).isSubset(of: [.failed]), "jobs are left: \(failed)")
        // Those that too many workers let run out; the others were taken over and completed.
        try promise(failed[.failed, default: 0] < jobs / 2, "too few have completed: \(failed)")
    }

    private func work(_ worker: String, _ seeded: SeededGenerator) async throws {
        var random = seeded
        let limit = ContinuousClock.now + .seconds(45)
        while await log.ends < jobs {
            try promise(ContinuousClock.now < limit, "some jobs never came back")
            let lease = Duration.milliseconds(Int.random(in: 20...150, using: &random))
            let round = try await test.visit(Int.random(in: 1...5, using: &random), lease: lease, worker: worker)
            try await log.add(round)
            for claim in round.claims { try await run(claim, lease: lease, worker, &random) }
            if round.claims.isEmpty { try await test.advance(.milliseconds(5)) }
        }
    }

    private func run(_ claim: Claim, lease: Duration, _ worker: String, _ random: inout SeededGenerator) async throws {
        switch Int.random(in: 0..<20, using: &random) {
        case ..<2: return
        case ..<4:
            try await test.advance(lease * 2)
            try await complete(claim, worker)
        case ..<8: try await test.settle(claim, .retry(after: .milliseconds(Int.random(in: 0...10, using: &random))))
        case ..<10: try await test.settle(claim, .released(after: .zero), rows: 0)
        default: try await complete(claim, worker)
        }
    }

    /// Twice, as after a lost reply.
    private func complete(_ claim: Claim, _ worker: String) async throws {
        let word = "\(worker) \(claim.epoch)"
        let outcome = try await test.settle(claim, .answer(word))
        try promise(try await test.settle(claim, .answer(word)), is: outcome == .lost ? .lost : .known)
        if outcome == .settled { try await log.completed(claim, word) }
    }
}

/// What the workers of a swarm saw.
private actor SwarmLog {
    private var claimed: Set<String> = []
    private var ended: [JobID: String?] = [:]

    var ends: Int { ended.count }

    func add(_ round: ClaimRound) throws {
        for claim in round.claims {
            let isNew = claimed.insert("\(claim.spec.id) \(claim.epoch)").inserted
            try promise(isNew, "\(claim.spec.id) was claimed twice as number \(claim.epoch)")
        }
        for job in round.ended { try end(job.id, answer: nil) }
    }

    func completed(_ claim: Claim, _ word: String) throws { try end(claim.spec.id, answer: word) }

    func check(_ record: JobRecord) throws {
        let answer = try promised(ended[record.spec.id], "the end of \(record.spec.id)")
        try promise(record.state, is: answer == nil ? .failed : .completed)
        try promise(record.result?.body, is: answer.map { Array("{\"answer\":\"\($0)\"}".utf8) })
        try promise(try record.rows().map(\.number), is: Array(1..<record.attempts + 1))
    }

    private func end(_ id: JobID, answer: String?) throws {
        try promise(ended[id] == nil, "\(id) ended twice")
        ended[id] = .some(answer)
    }
}
