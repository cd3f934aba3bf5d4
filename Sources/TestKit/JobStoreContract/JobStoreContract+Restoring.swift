import JobFlow

/// Settlements that come from a journal.
extension JobStoreContract {
    static let restoring = [
        Case("a paid answer that comes late counts if nobody has claimed the job since") { test in
            let dead = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            try promise(try await test.visit(0).reclaimed.count, is: 1)
            try promise(try await test.replay(dead, .retry(after: .zero), .late), is: .lost)
            try promise(try await test.replay(dead, .answer("paid"), .late), is: .settled)
            try promise(try await test.state(dead.spec.id), is: .completed)
            try promise(try await test.visit(5).claims, is: [])
            try promise(try await test.counts(), is: [:])
        },
        Case("a paid answer that comes after the next claim is refused") { test in
            let dead = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let heir = try await test.claimOne()
            try promise(try await test.replay(dead, .answer("paid"), .late), is: .lost)
            try promise(try await test.settle(heir, .answer("heir")), is: .settled)
            try promise(try await test.replay(dead, .answer("paid"), .late), is: .lost)
            try promise(try await test.replay(dead, .answer("paid"), .restored), is: .lost)
            try promise(try await test.record(heir.spec.id).result?.body, is: Array(#"{"answer":"heir"}"#.utf8))
        },
        Case("a late answer under an epoch that was handed out twice is not taken for the other's") { test in
            try await test.submit(1...1)
            let goBack = try await test.remember()
            let first = try promised(try await test.visit(1, worker: "worker-1").claims.first, "a claim")
            try await goBack()
            let lease = StoreUnderTest.shortLease
            let second = try promised(try await test.visit(1, lease: lease, worker: "worker-2").claims.first, "a claim")
            try await test.advance(lease * 2)
            try promise(try await test.visit(0).reclaimed.count, is: 1)
            try promise(try await test.replay(first, .answer("first"), .late), is: .lost)
            try promise(try await test.replay(second, .answer("second"), .late), is: .settled)
        },
        Case("of two ends that the server forgot the later one stays, whichever comes first") { test in
            try await test.submit(1...2)
            let goBack = try await test.remember()
            let firsts = try await test.claim(2, lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let seconds = try await test.claim(2)
            for claim in seconds { try await test.settle(claim, .answer("second")) }
            try await goBack()
            let failed = Verdict.failed(.deadlineExceeded, answer: nil)
            for (first, second) in zip(firsts, seconds.sorted { $0.spec.id.ulid < $1.spec.id.ulid }) {
                try promise(try await test.replay(first, failed, .restored), is: .settled)
                try promise(try await test.state(first.spec.id), is: .failed)
                try promise(try await test.replay(second, .answer("second"), .restored), is: .settled)
                let record = try await test.record(first.spec.id)
                try promise(record.state, is: .completed)
                try promise(record.error, is: nil)
                try promise(try await test.replay(first, failed, .restored), is: .lost)
            }
            try promise(try await test.counts(), is: [:])
            try promise(try await test.store.list(JobPage(state: .failed)).jobs, is: [])
        },
        Case("an end that the server forgot is restored, whatever became of the job since") { test in
            try await test.submit(1...3)
            let goBack = try await test.remember()
            let claims = try await test.claim(3)
            for claim in claims { try await test.settle(claim, .answer("\(claim.spec.id)")) }
            try await goBack()
            // The second was claimed again before anybody could say that it had ended.
            let queued = try await test.visit(1, worker: "worker-2").claims
            for claim in claims {
                try promise(try await test.replay(claim, .answer("\(claim.spec.id)"), .restored), is: .settled)
            }
            for claim in queued { try promise(try await test.settle(claim, .answer("new")), is: .lost) }
            for claim in claims {
                let expected = Array("{\"answer\":\"\(claim.spec.id)\"}".utf8)
                try promise(try await test.record(claim.spec.id).result?.body, is: expected)
            }
            try promise(try await test.visit(5).claims, is: [])
            try promise(try await test.counts(), is: [:])
        },
        Case("an end is restored though its job is gone, and the intake adds what only it has") { test in
            let goBack = try await test.remember()
            let claim = try await test.held()
            try await test.settle(claim, .failed(.deadlineExceeded, answer: nil))
            try await goBack()
            try promise(
                try await test.replay(claim, .failed(.deadlineExceeded, answer: nil), .restored), is: .settled)
            var read = claim.spec
            read.body = []
            let record = try await test.record(claim.spec.id)
            try promise(record.spec, is: read)
            try promise(record.state, is: .failed)
            try promise(try await test.store.retry(claim.spec.id), is: .missing)
            try promise(try await test.store.submit(claim.spec, isPromised: true), is: .accepted)
            try promise(try await test.state(claim.spec.id), is: .failed)
            try promise(try await test.store.retry(claim.spec.id), is: .done)
            try promise(try await test.claimOne().spec, is: claim.spec)
        },
        Case("a cancellation that the server forgot is restored") { test in
            let spec = try await test.submit(1...1)[0]
            let goBack = try await test.remember()
            _ = try await test.store.cancel(spec.id)
            try await goBack()
            try promise(
                try await test.replay(Claim(spec: spec, epoch: 0), .cancelled, .restored, rows: 0), is: .settled)
            try promise(try await test.state(spec.id), is: .cancelled)
            try promise(try await test.visit(5).claims, is: [])
        },
        Case("an end from before a retry is not restored") { test in
            let claim = try await test.held()
            let error = Verdict.failed(.deadlineExceeded, answer: nil)
            try await test.settle(claim, error)
            _ = try await test.store.retry(claim.spec.id)
            try promise(try await test.replay(claim, error, .restored), is: .lost)
            try promise(try await test.state(claim.spec.id), is: .queued)
        },
        Case("restoring what is there changes nothing") { test in
            let claim = try await test.held()
            try await test.settle(claim, .answer("a"))
            try promise(try await test.replay(claim, .answer("a"), .restored), is: .known)
            try promise(try await test.record(claim.spec.id).rows().count, is: 1)
        },
    ]
}

extension StoreUnderTest {
    func replay(_ claim: Claim, _ verdict: Verdict, _ occasion: Settlement.Occasion, rows: Int = 1)
        async throws -> SettleOutcome
    {
        var settlement = settlement(claim, verdict, rows: rows)
        settlement.occasion = occasion
        settlement.spec.body = []
        return try await store.settle(settlement)
    }
}
