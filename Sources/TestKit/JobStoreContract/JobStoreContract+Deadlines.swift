import JobFlow

extension JobStoreContract {
    static let dying = [
        Case("a job that nobody took in time expires and is never claimed") { test in
            let spec = try await dated(1, test, in: .milliseconds(40))
            try await test.submit(2...2)
            try await test.advance(.milliseconds(80))
            let round = try await test.visit(5)
            try promise(round.claims.map(\.spec.id), is: [Samples.id(2)])
            try promise(round.ended, is: [EndedJob(spec: spec.bodiless, epoch: 0, verdict: .expired)])
            let record = try await test.record(spec.id)
            try promise(record.state, is: .expired)
            try promise(record.error?.code, is: "deadline_exceeded")
            try promise(record.finishedAt != nil, "an ended job has an end")
            let next = try await test.visit(5)
            try promise(next.claims, is: [])
            try promise(next.ended, is: [])
            try promise(try await test.counts(), is: [.inProgress: 1])
        },
        Case("a retry that is due only after the deadline expires at the deadline") { test in
            let claim = try await heldWithDeadline(test)
            try promise(try await test.settle(claim, .retry(after: .seconds(300))), is: .settled)
            var ended: [EndedJob] = []
            try await eventually {
                try await test.advance(.milliseconds(50))
                ended += try await test.visit(5).ended
                return !ended.isEmpty
            }
            try promise(ended.map(\.state), is: [.expired])
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.nextDueIn, is: nil)
            try promise(try await test.record(claim.spec.id).nextAttemptAt, is: nil)
        },
        Case("a job in hand at its deadline is left to its worker") { test in
            let claim = try await heldWithDeadline(test)
            try await test.advance(ahead * 2)
            for _ in 1...2 { try promise(try await test.visit(5).ended, is: []) }
            try promise(try await test.state(claim.spec.id), is: .inProgress)
            try promise(try await test.settle(claim, .answer("late")), is: .settled)
            try promise(try await test.state(claim.spec.id), is: .completed)
            try promise(try await test.visit(5).ended, is: [])
        },
        Case("a job whose worker died past its deadline expires instead of running again") { test in
            let claim = try await heldWithDeadline(test, lease: ahead * 3)
            try await test.advance(ahead * 2)
            try await test.visit(0)
            try await test.advance(ahead * 2)
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(try await test.state(claim.spec.id), is: .expired)
            try promise(try await test.settle(claim, .answer("late")), is: .lost)
        },
        Case("a deadline far ahead changes nothing") { test in
            _ = try await dated(1, test, in: .seconds(3600))
            let claim = try await test.claimOne()
            try promise(try await test.settle(claim, .answer("a")), is: .settled)
            try promise(try await test.visit(5).ended, is: [])
        },
    ]

    /// How far ahead the deadline of a job is that is claimed before it.
    private static let ahead = Duration.milliseconds(100)

    private static func heldWithDeadline(_ test: StoreUnderTest, lease: Duration = StoreUnderTest.longLease)
        async throws -> Claim
    {
        _ = try await dated(1, test, in: ahead)
        return try await test.claimOne(lease: lease)
    }

    private static func dated(_ number: Int, _ test: StoreUnderTest, in time: Duration) async throws -> JobSpec {
        let spec = Samples.spec(number, deadline: test.now() + time)
        try promise(try await test.store.submit(spec), is: .accepted)
        return spec
    }
}
