import JobFlow

extension JobStoreContract {
    static let retrying = [
        Case("a retry waits without a worker until it is due") { test in
            let claim = try await test.held()
            let before = test.now()
            try promise(try await test.settle(claim, .retry(after: .seconds(300))), is: .settled)
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .scheduled)
            let next = try promised(record.nextAttemptAt, "the time of the next attempt")
            try promise(next - before >= .seconds(299) && next - test.now() <= .seconds(301), "due in \(next - before)")
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.hasMore, is: false)
            let due = try promised(round.nextDueIn, "the time until the next retry")
            try promise(due > .seconds(200) && due <= .seconds(301), "due in \(due)")
        },
        Case("a retry comes back when it is due, once, with what was spent") { test in
            let claim = try await test.held()
            try await test.settle(claim, .retry(after: .milliseconds(40)), rows: 2, spent: 1, rounds: 3)
            let again = try await test.nextClaim()
            try promise(again.spec.id, is: claim.spec.id)
            try promise(again.epoch, is: 2)
            try promise(again.attempts, is: 2)
            try promise(again.spent, is: 1)
            try promise(again.rounds, is: 3)
            try await test.advance(.milliseconds(80))
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.nextDueIn, is: nil)
            try promise(try await test.record(claim.spec.id).nextAttemptAt, is: nil)
        },
        Case("the earliest retry is the one that is announced") { test in
            try await test.submit(1...3)
            for (claim, delay) in zip(try await test.claim(3), [500, 100, 300]) {
                try await test.settle(claim, .retry(after: .seconds(delay)))
            }
            let due = try promised(try await test.visit(3).nextDueIn, "the time until the next retry")
            try promise(due <= .seconds(101), "due in \(due)")
        },
        Case("a settlement whose reply was lost may be sent again after the job has gone on") { test in
            let first = try await test.held()
            try await test.settle(first, .retry(after: .milliseconds(10)))
            let second = try await test.nextClaim()
            try promise(try await test.settle(first, .retry(after: .milliseconds(10))), is: .known)
            try promise(try await test.state(first.spec.id), is: .inProgress)
            try promise(try await test.settle(second, .answer("second")), is: .settled)
            try promise(try await test.record(first.spec.id).rows().map(\.number), is: [1, 2])
        },
        Case("a released job is there at once and costs no attempt") { test in
            let claim = try await test.held()
            try promise(try await test.settle(claim, .released(after: .zero), rows: 0), is: .settled)
            let again = try await test.claimOne()
            try promise(again.epoch, is: 2)
            try promise(again.attempts, is: 0)
            try promise(again.spent, is: 0)
        },
        Case("a job released with a delay waits for it") { test in
            let claim = try await test.held()
            try await test.settle(claim, .released(after: .seconds(300)), rows: 0)
            try promise(try await test.state(claim.spec.id), is: .scheduled)
            try promise(try await test.visit(5).claims, is: [])
        },
        Case("many retries that are due together all come back") { test in
            try await test.submit(1...60)
            for claim in try await test.claim(60) { try await test.settle(claim, .retry(after: .milliseconds(5))) }
            var claimed: [JobID] = []
            try await eventually {
                try await test.advance(.milliseconds(20))
                claimed += try await test.visit(25).claims.map(\.spec.id)
                return claimed.count >= 60
            }
            try promise(Set(claimed).count, is: 60)
            try promise(try await test.visit(25).claims.count, is: 0)
        },
    ]
}
