package import JobFlow

extension JobStoreContract {
    static let reusing = [
        Case("a stored answer serves an equal job, which needs no call") { test in
            try await test.submit([1], reuse: fresh)
            try promise(try await test.settle(try await test.claimOne(), .reusable("a")), is: .settled)
            try await test.advance(.milliseconds(20))
            try await test.submit([2], reuse: fresh)
            let claim = try await test.claimOne()
            let stored = try promised(claim.stored, "a stored answer")
            try promise(stored.servedBy, is: .cache)
            try promise(stored.age >= .milliseconds(10), "an age")
            try promise(stored.body, is: Array(#"{"answer":"a"}"#.utf8))
            try promise([stored.statusCode, stored.usage?.promptTokens], is: [200, 7])
            try promise(stored.endpoint, is: "eastus-ptu")
            try promise(try await test.state(claim.spec.id), is: .inProgress)
            try promise(try await test.settle(claim, .completed(stored.result, nil)), is: .settled)
            let record = try await test.record(claim.spec.id)
            try promise(record.result, is: stored.result)
            try promise(record.result?.ageSeconds != nil, "the age is kept")
            try promise(record.usage, is: nil)
        },
        Case("only reusable answers of calls serve others, and only equal ones") { test in
            try await test.submit([1], reuse: fresh)
            try await test.settle(try await test.claimOne(), .answer("not complete"))
            try await test.submit([2], reuse: fresh)
            try await test.settle(try await test.claimOne(), .failed(.deadlineExceeded, answer: nil))
            try await test.submit([3])
            try await test.settle(try await test.claimOne(), .reusable("of a job without a key"))
            try await test.submit([4], reuse: AnswerReuse(key: "other", ttl: .seconds(60)))
            try await test.settle(try await test.claimOne(), .reusable("other"))
            try await test.submit([5], reuse: fresh)
            try await test.submit([6])
            try promise(try await test.claim(2).map(\.stored), is: [nil, nil])
        },
        Case("an answer serves for as long as each job takes it as fresh") { test in
            try await test.submit([1], reuse: fresh)
            try await test.settle(try await test.claimOne(), .reusable("a"))
            try await test.advance(.milliseconds(60))
            try await test.submit([2], reuse: AnswerReuse(key: "k", ttl: .milliseconds(50)))
            try promise(try await test.claimOne().stored, is: nil)
            try await test.submit([3], reuse: fresh)
            try promise(try await test.claimOne().stored?.servedBy, is: .cache)
        },
        Case("a round that is asked for again brings the stored answers again") { test in
            try await test.submit([1], reuse: fresh)
            try await test.settle(try await test.claimOne(), .reusable("a"))
            try await test.submit([2], reuse: fresh)
            let number = StoreUnderTest.nextRound()
            let first = try await test.visit(1, round: number)
            let again = try await test.visit(1, round: number)
            try promise(again.claims.map(\.spec.id), is: [Samples.id(2)])
            try promise(again.claims.map(\.stored?.body), is: first.claims.map(\.stored?.body))
        },
    ]

    static let coalescing = [
        Case("equal jobs wait while the first of them is in flight, and get its answer") { test in
            try await test.submit(1...3, reuse: fresh)
            try await test.submit(4...4)
            let round = try await test.visit(9)
            try promise(round.claims.map(\.spec.id), is: [1, 4].map { Samples.id($0) })
            try promise(round.hasMore, is: false)
            try promise(try await test.counts(), is: [.queued: 2, .inProgress: 2])
            try promise(try await test.visit(9).claims, is: [])
            try await test.settle(round.claims[0], .reusable("a"))
            try await test.submit(5...5, reuse: fresh)
            let rest = try await test.visit(9).claims
            try promise(rest.map(\.spec.id), is: [2, 3, 5].map { Samples.id($0) })
            try promise(rest.map(\.stored?.servedBy), is: [.coalesced, .coalesced, .cache])
            try promise(rest.map { $0.stored?.result.ageSeconds == nil }, is: [true, true, false])
        },
        Case("whoever is in flight stays so while it waits for a retry, and when its worker died") { test in
            try await test.submit(1...2, reuse: fresh)
            try await test.settle(try await test.claimOne(), .retry(after: .milliseconds(30)))
            try promise(try await test.visit(9).claims, is: [])
            let again = try await test.nextClaim(lease: .milliseconds(30))
            try promise(again.spec.id, is: Samples.id(1))
            try await test.advance(.milliseconds(60))
            let last = try await test.nextClaim()
            try promise([last.epoch, last.spec.id == again.spec.id ? 1 : 2], is: [3, 1])
            try await test.settle(last, .released(after: .zero))
            let more = try await test.visit(9).claims
            try promise(more.map(\.epoch), is: [4])
            try await test.settle(more[0], .reusable("a"))
            try promise(try await test.claimOne().stored?.servedBy, is: .coalesced)
        },
        Case("after an end without an answer the next one is called for, and the others wait for it") { test in
            try await test.submit(1...5, reuse: fresh)
            for (number, verdict) in [(1, Verdict.failed(.deadlineExceeded, answer: nil)), (2, .expired)] {
                let claims = try await test.visit(9).claims
                try promise(claims.map(\.spec.id), is: [Samples.id(number)])
                try await test.settle(claims[0], verdict)
            }
            try promise(try await test.visit(9).claims.map(\.spec.id), is: [Samples.id(3)])
            _ = try await test.store.cancel(Samples.id(3))
            let fourth = try await test.visit(9).claims
            try promise(fourth.map(\.spec.id), is: [Samples.id(4)])
            try await test.settle(fourth[0], .reusable("a"))
            try promise(try await test.visit(9).claims.map(\.stored?.servedBy), is: [.coalesced])
        },
        Case("a job that killed too many workers leaves the others to run") { test in
            try await test.submit(1...2, reuse: fresh)
            for _ in 1...test.crashLimit {
                try promise(try await test.nextClaim(lease: .milliseconds(20)).spec.id, is: Samples.id(1))
                try await test.advance(.milliseconds(40))
            }
            try promise(try await test.nextClaim().spec.id, is: Samples.id(2))
        },
        Case("where the answer is not for others, equal jobs run side by side") { test in
            try await test.submit(1...4, reuse: fresh)
            try await test.settle(try await test.claimOne(), .answer("only mine"))
            let claims = try await test.visit(9).claims
            try promise(claims.map(\.spec.id), is: [2, 3, 4].map { Samples.id($0) })
            try promise(claims.map(\.stored), is: [nil, nil, nil])
        },
        Case("jobs that wait for an answer are cancelled, expire and are run again as others are") { test in
            try await test.submit(1...2, reuse: fresh)
            var dated = Samples.spec(3, deadline: test.now() + .milliseconds(60))
            dated.reuse = fresh
            _ = try await test.store.submit(dated)
            try await test.submit(4...5, reuse: fresh)
            let claims = try await test.visit(9).claims
            try promise(claims.map(\.spec.id), is: [Samples.id(1)])
            try promise(try await test.store.cancel(Samples.id(2)), is: .cancelled(epoch: 0, from: .queued))
            try await test.advance(.milliseconds(120))
            try promise(try await test.visit(9).ended.map(\.id), is: [dated.id])
            try await test.settle(claims[0], .failed(.deadlineExceeded, answer: nil))
            try promise(try await test.visit(9).claims.map(\.spec.id), is: [Samples.id(4)])
            try promise(try await test.store.retry(Samples.id(1)), is: .done)
            try promise(try await test.visit(9).claims, is: [])
            try await test.settle(try await test.held(6), .answer("another"))
            try promise(try await test.counts()[.queued], is: 2)
            _ = try await test.store.cancel(Samples.id(4))
            try promise(try await test.visit(9).claims.map(\.spec.id), is: [Samples.id(5)])
        },
        Case("jobs that wait for an answer are listed as queued") { test in
            try await test.submit(1...4, reuse: fresh)
            _ = try await test.visit(9)
            try await test.submit(5...5)
            var seen: [JobID] = []
            var hasMore = true
            while hasMore, seen.count < 9 {
                let page = try await test.store.list(
                    JobPage(state: .queued, queue: "default", after: seen.last, limit: 1))
                seen += page.jobs.map(\.spec.id)
                hasMore = page.hasMore
            }
            try promise(seen, is: [5, 4, 3, 2].map { Samples.id($0) })
        },
        Case("nobody waits for a job of a queue that is paused") { test in
            try await test.submit(1...1, queue: "batch", reuse: fresh)
            let shares = [QueueShare(queue: "default", jobs: 9), QueueShare(queue: "batch", jobs: 9)]
            let first = try await test.visit(9, shares: shares).claims
            try await test.settle(first[0], .released(after: .zero))
            try await test.store.pause("batch", true)
            try await test.submit(2...3, reuse: fresh)
            let second = try await test.visit(9, shares: shares).claims
            try promise(second.map(\.spec.id), is: [Samples.id(2)])
            try await test.store.pause("batch", false)
            try promise(try await test.visit(9, shares: shares).claims, is: [])
            try await test.settle(second[0], .reusable("a"))
            let rest = try await test.visit(9, shares: shares).claims
            try promise(Set(rest.map(\.spec.id)), is: [Samples.id(1), Samples.id(3)])
        },
        Case("nobody waits for ever when the server loses writes") { test in
            try await test.submit(1...3, reuse: fresh)
            let leader = try await test.claimOne()
            try await test.visit(9)
            let restart = try await test.remember()
            try await test.settle(leader, .reusable("a"))
            try await restart()
            var settlement = test.settlement(leader, .reusable("a"), rows: 1)
            settlement.occasion = .restored
            try promise(try await test.store.settle(settlement), is: .settled)
            for _ in 2...3 { try await test.settle(try await test.nextClaim(), .reusable("b")) }
        },
    ]

    static let servingStale = [
        Case("while nothing can be called, jobs that take them get answers of the past, beyond the limit") { test in
            let patient = AnswerReuse(key: "k", ttl: .milliseconds(40), staleFor: .seconds(60))
            try await test.submit([1], reuse: patient)
            try await test.settle(try await test.claimOne(), .reusable("a"))
            try await test.advance(.milliseconds(80))
            try await test.submit([2, 3], reuse: patient)
            try await test.submit([4], reuse: AnswerReuse(key: "k", ttl: .milliseconds(40)))
            try await test.submit([5], reuse: AnswerReuse(key: "k", ttl: .milliseconds(40), staleFor: .milliseconds(1)))
            try await test.submit([6], reuse: AnswerReuse(key: "other", ttl: .seconds(60), staleFor: .seconds(60)))
            let scheduled = try await test.claimOne()
            try await test.settle(scheduled, .retry(after: .seconds(300)))

            let round = try await test.visit(0, servesStale: true)
            try promise(Set(round.claims.map(\.spec.id)), is: Set([2, 3].map { Samples.id($0) }))
            try promise(round.claims.map(\.stored?.servedBy), is: [.stale, .stale])
            try promise(round.claims.allSatisfy { ($0.stored?.result.ageSeconds ?? 0) >= 0.08 }, "an age is given")
            try promise(round.nextDueIn, is: nil)
            for claim in round.claims {
                let stored = try promised(claim.stored, "an answer")
                try promise(try await test.settle(claim, .completed(stored.result, nil)), is: .settled)
            }
            try promise(try await test.visit(0, servesStale: true).claims, is: [])
            try promise(try await test.counts(), is: [.queued: 3])
        },
        Case("answers of the past are not served while something can be called") { test in
            let patient = AnswerReuse(key: "k", ttl: .milliseconds(20), staleFor: .seconds(60))
            try await test.submit([1], reuse: patient)
            try await test.settle(try await test.claimOne(), .reusable("a"))
            try await test.advance(.milliseconds(40))
            try await test.submit([2], reuse: patient)
            try promise(try await test.claimOne().stored, is: nil)
        },
        Case("a paused queue is not served answers of the past either") { test in
            let patient = AnswerReuse(key: "k", ttl: .milliseconds(20), staleFor: .seconds(60))
            try await test.submit([1], reuse: patient)
            try await test.settle(try await test.claimOne(), .reusable("a"))
            try await test.submit([2], reuse: patient)
            try await test.store.pause("default", true)
            try promise(try await test.visit(0, servesStale: true).claims, is: [])
            try await test.store.pause("default", false)
            try promise(try await test.visit(0, servesStale: true).claims.count, is: 1)
        },
    ]

    private static let fresh = AnswerReuse(key: "k", ttl: .seconds(60))
}

extension StoreUnderTest {
    @discardableResult
    package func submit(_ numbers: some Sequence<Int>, queue: String = "default", reuse: AnswerReuse) async throws
        -> [JobSpec]
    {
        let specs = numbers.map { number in
            var spec = Samples.spec(number, queue: queue)
            spec.reuse = reuse
            return spec
        }
        for spec in specs { try promise(try await store.submit(spec), is: .accepted) }
        return specs
    }
}

extension Verdict {
    /// A complete answer, which may serve others.
    package static func reusable(_ text: String) -> Verdict {
        guard case .completed(var result, let usage) = answer(text) else { return .expired }
        result.isReusable = true
        return .completed(result, usage)
    }
}
