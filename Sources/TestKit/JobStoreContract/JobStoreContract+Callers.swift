import JobFlow

/// A caller may have so many jobs that have not ended.
extension JobStoreContract {
    static let limitingCallers = [
        Case("a caller that has as many jobs as it may is refused, others are not") { test in
            try promise(try await test.offer(1...4), is: [.accepted, .accepted, .accepted, .callerFull])
            try promise(try await test.store.submit(limited(1)), is: .accepted)
            try promise(try await test.store.submit(limited(10, caller: "other")), is: .accepted)
            try await test.submit([11])
            var free = limited(12)
            free.callerLimit = nil
            try promise(try await test.store.submit(free), is: .accepted)
        },
        Case("lines of a batch are refused from the first that is too many") { test in
            let outcomes = try await test.store.submit((1...5).map { limited($0) }, isPromised: false)
            try promise(outcomes, is: [.accepted, .accepted, .accepted, .callerFull, .callerFull])
        },
        Case("each end of a job makes room, and only the first") { test in
            let verdicts: [Verdict] = [.answer("a"), .failed(.deadlineExceeded, answer: nil), .expired, .cancelled]
            for (index, verdict) in verdicts.enumerated() {
                try await test.fill(index * 10)
                let claim = try await test.claimOne()
                try await test.settle(claim, verdict)
                try await test.settle(claim, verdict)
                try promise(try await test.offer([index * 10 + 4, index * 10 + 5]), is: [.accepted, .callerFull])
                for number in 1...4 { _ = try await test.store.cancel(limited(index * 10 + number).id) }
            }
            try await test.fill(100)
        },
        Case("a job that waits for its retry or runs is there still") { test in
            try await test.fill(0)
            let claims = try await test.claim(2)
            try await test.settle(claims[0], .retry(after: .seconds(60)))
            try await test.settle(claims[1], .released(after: .zero))
            try promise(try await test.offer([4]), is: [.callerFull])
        },
        Case("a cancelled job makes room, once, also while it runs") { test in
            try await test.fill(0)
            let claim = try await test.claimOne()
            for _ in 1...2 { _ = try await test.store.cancel(claim.spec.id) }
            try await test.settle(claim, .answer("late"))
            _ = try await test.store.cancel(limited(2).id)
            try promise(try await test.offer([4, 5, 6]), is: [.accepted, .accepted, .callerFull])
        },
        Case("a job that is run again counts again, one that is deleted does not count twice") { test in
            try await test.fill(0)
            let claims = try await test.claim(2)
            for claim in claims { try await test.settle(claim, .failed(.deadlineExceeded, answer: nil)) }
            try promise(try await test.store.retry(claims[0].spec.id), is: .done)
            try promise(try await test.store.delete(claims[1].spec.id), is: .done)
            try promise(try await test.offer([4, 5]), is: [.accepted, .callerFull])
        },
        Case("a deadline that passes and a worker that dies too often make room") { test in
            var late = limited(1)
            late.deadline = test.now() + .milliseconds(50)
            try promise(try await test.store.submit(late), is: .accepted)
            try promise(try await test.offer([2, 3]), is: [.accepted, .accepted])
            try await test.advance(.milliseconds(80))
            try await test.visit(0)
            try promise(try await test.offer([4, 5]), is: [.accepted, .callerFull])
            for _ in 1...test.crashLimit {
                _ = try await test.nextClaim(lease: StoreUnderTest.shortLease)
                for number in [3, 4] { _ = try await test.store.cancel(limited(number).id) }
                try await test.advance(StoreUnderTest.shortLease * 2)
                try await test.visit(0)
            }
            try promise(try await test.state(limited(2).id), is: .failed)
            try await test.fill(10)
        },
        Case("a promise that was given holds beyond the limit, and counts") { test in
            try await test.fill(0)
            try promise(try await test.store.submit(limited(4), isPromised: true), is: .accepted)
            _ = try await test.store.cancel(limited(1).id)
            try promise(try await test.offer([5]), is: [.callerFull])
        },
        Case("a server that comes back with less counts what it has, and what it is told of") { test in
            try await test.fill(0)
            let goBack = try await test.remember()
            let claim = try await test.claimOne()
            try await test.settle(claim, .answer("a"))
            try promise(try await test.offer([4]), is: [.accepted])
            try await goBack()
            try promise(try await test.offer([5]), is: [.callerFull])
            // The journals tell it.
            try promise(try await test.store.submit(limited(4), isPromised: true), is: .accepted)
            try promise(try await test.replay(claim, .answer("a"), .restored), is: .settled)
            try promise(try await test.offer([6]), is: [.callerFull])
            _ = try await test.store.cancel(limited(2).id)
            try promise(try await test.offer([7, 8]), is: [.accepted, .callerFull])
        },
        Case("an end that comes before its job to a server that was wiped leaves the count right") { test in
            let wipe = try await test.remember()
            try await test.fill(0)
            let claim = try await test.claimOne()
            try await wipe()
            try promise(try await test.replay(claim, .answer("a"), .restored), is: .settled)
            try promise(try await test.store.submit(limited(1), isPromised: true), is: .accepted)
            try promise(try await test.offer(11...14), is: [.accepted, .accepted, .accepted, .callerFull])
        },
    ]

    /// A job of a caller that may have three.
    fileprivate static func limited(_ number: Int, caller: String = "somebody", most: Int = 3) -> JobSpec {
        var spec = Samples.spec(number)
        (spec.caller, spec.callerLimit) = (caller, most)
        return spec
    }
}

extension StoreUnderTest {
    fileprivate func offer(_ numbers: some Sequence<Int>) async throws -> [SubmitOutcome] {
        var outcomes: [SubmitOutcome] = []
        for number in numbers { outcomes.append(try await store.submit(JobStoreContract.limited(number))) }
        return outcomes
    }

    /// Three jobs, which are as many as there may be.
    fileprivate func fill(_ start: Int) async throws {
        try promise(
            try await offer(start + 1...start + 3) + [try await store.submit(JobStoreContract.limited(start + 9))],
            is: [.accepted, .accepted, .accepted, .callerFull])
    }
}
