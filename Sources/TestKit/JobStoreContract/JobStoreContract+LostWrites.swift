import JobFlow

/// What holds when replies are lost, or the server comes back without its last writes.
extension JobStoreContract {
    static let lostReplies = [
        Case("a round that is asked for again brings the same jobs, and no others") { test in
            try await test.submit(1...4)
            let round = StoreUnderTest.nextRound()
            let first = try await test.visit(2, round: round)
            let again = try await test.visit(2, round: round)
            try promise(again.claims, is: first.claims)
            try promise(again.reclaimed, is: [])
            try promise(try await test.counts(), is: [.inProgress: 2, .queued: 2])
            try promise(try await test.visit(2).claims.count, is: 2)
        },
        Case("a round that is asked for again brings only what is still held, under a new lease") { test in
            try await test.submit(1...2)
            let round = StoreUnderTest.nextRound()
            let first = try await test.visit(2, lease: StoreUnderTest.shortLease, round: round).claims
            try await test.settle(first[0], .answer("a"))
            try promise(try await test.visit(2, round: round).claims.map(\.spec.id), is: [first[1].spec.id])
            try await test.advance(StoreUnderTest.shortLease * 2)
            try promise(try await test.visit(0).reclaimed, is: [])
        },
        Case("a round that strayed and comes after a later one brings nothing") { test in
            let stray = StoreUnderTest.nextRound()
            try promise(try await test.visit(1).claims, is: [])
            try await test.submit(1...1)
            try promise(try await test.visit(1, round: stray).claims, is: [])
            try promise(try await test.counts(), is: [.queued: 1])
            try promise(try await test.visit(1).claims.count, is: 1)
        },
        Case("the rounds of two workers are their own") { test in
            try await test.submit(1...2)
            let round = StoreUnderTest.nextRound()
            let one = try await test.visit(1, worker: "worker-1", round: round).claims
            let two = try await test.visit(1, worker: "worker-2", round: round).claims
            try promise(Set((one + two).map(\.spec.id)).count, is: 2)
        },
    ]

    static let lostWrites = [
        Case("another life of the server is refused until it was looked at") { test in
            let before = try await test.store.server(0).identity
            try await test.remember()()
            let request = ClaimRequest(
                partition: 0, worker: "worker-1", lease: StoreUnderTest.longLease, limit: 1,
                round: StoreUnderTest.nextRound(), server: before, shares: [])
            do {
                _ = try await test.store.claim(request)
                throw BrokenPromise("a claim was made on a server that nobody looked at", #fileID, #line)
            } catch let error as StoreError {
                try promise(error.code, is: .serverChanged)
            }
            let after = try await test.store.server(0).identity
            try promise(after != before, "another life has another name")
            try promise(try await test.store.server(0).identity, is: after)
        },
        Case("a server tells how far its memory reached when its life began") { test in
            try promise(try await test.store.server(0).remembersUntil, is: nil)
            let before = test.now()
            try await test.submit(1...1)
            let goBack = try await test.remember()
            try await test.advance(.milliseconds(50))
            let later = test.now()
            try await test.submit(2...2)
            try promise(try await test.store.server(0).remembersUntil, is: nil)
            try await goBack()
            let reach = try promised(try await test.store.server(0).remembersUntil, "a time")
            try promise(reach >= before && reach < later, "\(reach) lies between \(before) and \(later)")
            try await test.submit(3...3)
            _ = try await test.visit(1)
            // Whoever looks later has as much to compare.
            try promise(try await test.store.server(0).remembersUntil, is: reach)
        },
        Case("whoever has told a server everything learns who has not") { test in
            for member in ["one", "two", "gone"] { try promise(try await test.told(by: member), is: []) }
            try await test.advance(StoreUnderTest.shortLease * 2)
            for member in ["one", "two"] { try promise(try await test.told(by: member), is: []) }
            try await test.submit(1...1)
            let before = try await test.store.server(0).identity
            try await test.remember()()
            try promise(try await test.told(by: "one"), is: ["two"])
            try promise(try await test.told(by: "three"), is: ["two"])
            try promise(try await test.told(by: "two"), is: [])
            try promise(try await test.told(by: "one"), is: [])
            do {
                _ = try await test.told(by: "one", before)
                throw BrokenPromise("a server that is gone was told something", #fileID, #line)
            } catch let error as StoreError {
                try promise(error.code, is: .serverChanged)
            }
        },
        Case("a lost claim is put in force again by its holder") { test in
            try await test.submit(1...1)
            let goBack = try await test.remember()
            let claim = try await test.claimOne()
            try await goBack()
            try promise(try await test.state(claim.spec.id), is: .queued)
            try promise(try await test.store.renew([claim], lease: StoreUnderTest.longLease), is: [])
            try promise(try await test.state(claim.spec.id), is: .inProgress)
            try promise(try await test.visit(5).claims, is: [])
            try promise(try await test.settle(claim, .answer("a")), is: .settled)
            try promise(try await test.visit(5).claims, is: [])
            try promise(try await test.counts(), is: [:])
        },
        Case("a claim of this life of the server that it does not know is none") { test in
            let spec = try await test.submit(1...1)[0]
            let claim = Claim(spec: spec, epoch: 3, worker: "w", server: try await test.store.server(0).identity)
            try promise(try await test.store.renew([claim], lease: StoreUnderTest.longLease), is: [spec.id])
            try promise(try await test.settle(claim, .answer("a")), is: .lost)
            try promise(try await test.state(spec.id), is: .queued)
        },
        Case("the answer of a lost claim is written, though the record forgot the claim") { test in
            try await test.submit(1...1)
            let goBack = try await test.remember()
            let claim = try await test.claimOne()
            try await goBack()
            try promise(try await test.settle(claim, .answer("a")), is: .settled)
            try promise(try await test.state(claim.spec.id), is: .completed)
            try promise(try await test.visit(5).claims, is: [])
        },
        Case("an epoch that was handed out twice has one holder") { test in
            try await test.submit(1...1)
            let goBack = try await test.remember()
            let first = try promised(try await test.visit(1, worker: "worker-1").claims.first, "a claim")
            try await goBack()
            let second = try promised(try await test.visit(1, worker: "worker-2").claims.first, "a claim")
            try promise(second.epoch, is: first.epoch)
            try promise(try await test.store.renew([first], lease: StoreUnderTest.longLease), is: [first.spec.id])
            try promise(try await test.settle(first, .answer("first")), is: .lost)
            try promise(try await test.settle(second, .answer("second")), is: .settled)
            try promise(try await test.settle(first, .answer("first")), is: .lost)
            let record = try await test.record(first.spec.id)
            try promise(record.result?.body, is: Array(#"{"answer":"second"}"#.utf8))
        },
        Case("a promised job that was lost comes back under its own id, once") { test in
            let goBack = try await test.remember()
            let spec = keyed(1, "key-a", "content-a")
            try promise(try await test.store.submit(spec), is: .accepted)
            try await goBack()
            try promise(try await test.store.record(spec.id), is: nil)
            for _ in 1...2 { try promise(try await test.store.submit(spec, isPromised: true), is: .accepted) }
            try promise(try await test.store.submit(keyed(2, "key-a", "content-a")), is: .duplicate(of: spec.id))
            try promise(try await test.visit(5).claims.map(\.spec.id), is: [spec.id])
        },
        Case("a promise under a used key stands for the first job") { test in
            let first = keyed(1, "key-a", "content-a")
            _ = try await test.store.submit(first)
            let second = keyed(2, "key-a", "content-a")
            for _ in 1...2 {
                try promise(try await test.store.submit(second, isPromised: true), is: .aliased(to: first.id))
            }
            try promise(try await test.counts(), is: [.queued: 1])
            try await test.settle(try await test.claimOne(), .answer("once"))
            let read = try await test.record(second.id)
            try promise(read.spec.id, is: first.id)
            try promise(read.state, is: .completed)
            let standings = try await test.store.standings([first.id, second.id])
            try promise(standings[0] != nil && standings[0] == standings[1], "\(standings) are the same")
            let waited = try await test.store.record(second.id, endedWithin: .seconds(60))
            try promise(waited?.state, is: .completed)
        },
        Case("a promise under a key of another request ends as failed") { test in
            _ = try await test.store.submit(keyed(1, "key-a", "content-a"))
            let second = keyed(2, "key-a", "content-b")
            try promise(try await test.store.submit(second, isPromised: true), is: .conflict(with: Samples.id(1)))
            let record = try await test.record(second.id)
            try promise(record.state, is: .failed)
            try promise(record.error?.code, is: "idempotency_conflict")
            try promise(try await test.visit(5).claims.map(\.spec.id), is: [Samples.id(1)])
        },
        Case("standings tell where jobs are") { test in
            let ids = try await test.submit(1...3).map(\.id)
            let claim = try await test.claimOne()
            try await test.settle(claim, .answer("a"), rows: 2)
            let standings = try await test.store.standings([ids[0], ids[1], Samples.id(99)])
            try promise(
                standings,
                is: [
                    JobStanding(state: .completed, epoch: 1, attempts: 2),
                    JobStanding(state: .queued, epoch: 0, attempts: 0), nil,
                ])
            try promise(try await test.store.standings([]), is: [])
        },
    ]
}

extension StoreUnderTest {
    /// Who has not told the server yet, when this journal has.
    fileprivate func told(by member: String, _ server: ServerIdentity? = nil) async throws -> Set<String> {
        let current = try await store.server(0).identity
        return try await store.announce(member, to: server ?? current, partition: 0, memory: Self.shortLease).waitingFor
    }
}
