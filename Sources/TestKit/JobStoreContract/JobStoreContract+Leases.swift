import JobFlow

extension JobStoreContract {
    static let leasing = [
        Case("a lease that ran out is taken back, and the ledger says so") { test in
            let claim = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let round = try await test.visit(5)
            try promise(round.reclaimed.count, is: 1)
            let again = try promised(round.claims.first, "the abandoned job")
            try promise(again.spec, is: claim.spec)
            try promise(again.epoch, is: 2)
            try promise(again.attempts, is: 1)
            try promise(again.spent, is: 0)
            let row = try promised(try await test.record(claim.spec.id).rows().first, "a row")
            try promise(row.number, is: 1)
            try promise(row.outcome, is: .abandoned)
            try promise(row.reason, is: "lease_expired")
            try promise(row.billed, is: .maybe)
            try promise(row.worker, is: "worker-1")
            try promise(row.endedAt - row.startedAt >= StoreUnderTest.shortLease, "\(row.endedAt - row.startedAt)")
        },
        Case("a worker that was overtaken writes nothing") { test in
            let zombie = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let heir = try await test.claimOne()
            try promise(try await test.settle(zombie, .answer("zombie")), is: .lost)
            try promise(try await test.state(heir.spec.id), is: .inProgress)
            try promise(try await test.settle(heir, .answer("heir")), is: .settled)
            try promise(try await test.settle(zombie, .answer("zombie")), is: .lost)
            let record = try await test.record(heir.spec.id)
            try promise(record.result?.body, is: Array(#"{"answer":"heir"}"#.utf8))
            try promise(try record.rows().map(\.outcome), is: [.abandoned, .completed])
        },
        Case("a job that was taken back and not yet claimed is nobody's to settle") { test in
            let zombie = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            try promise(try await test.visit(0).reclaimed.count, is: 1)
            try promise(try await test.settle(zombie, .answer("zombie")), is: .lost)
            try promise(try await test.settle(zombie, .retry(after: .zero)), is: .lost)
            try promise(try await test.state(zombie.spec.id), is: .queued)
            try promise(try await test.claimOne().epoch, is: 2)
        },
        Case("a late settlement that nobody overtook is written: the answer was paid for") { test in
            let claim = try await test.held(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            try promise(try await test.settle(claim, .answer("late")), is: .settled)
            try promise(try await test.visit(5).reclaimed.count, is: 0)
            try promise(try await test.state(claim.spec.id), is: .completed)
        },
        Case("a renewed lease holds") { test in
            let claim = try await test.held(lease: StoreUnderTest.shortLease)
            try promise(
                try await test.store.renew([claim], lease: StoreUnderTest.longLease), is: [])
            try await test.advance(StoreUnderTest.shortLease * 2)
            let round = try await test.visit(5)
            try promise(round.reclaimed.count, is: 0)
            try promise(round.claims, is: [])
            try promise(try await test.settle(claim, .answer("a")), is: .settled)
        },
        Case("a renewed lease runs out in its turn") { test in
            let claim = try await test.held()
            let lease = StoreUnderTest.shortLease
            try promise(try await test.store.renew([claim], lease: lease), is: [])
            try await test.advance(lease * 2)
            try promise(try await test.visit(0).reclaimed.count, is: 1)
        },
        Case("a renewal names the claims that no longer stand") { test in
            try await test.submit(1...4)
            let overtaken = try await test.claimOne(lease: StoreUnderTest.shortLease)
            try await test.advance(StoreUnderTest.shortLease * 2)
            let claims = try await test.claim(4)
            let heir = try promised(claims.first { $0.spec.id == overtaken.spec.id }, "the job again")
            let others = claims.filter { $0.spec.id != overtaken.spec.id }
            try await test.settle(others[0], .answer("a"))
            try await test.settle(others[1], .retry(after: .seconds(300)))
            let unknown = Claim(spec: Samples.spec(99), epoch: 1)
            let lost = try await test.store.renew(
                [overtaken, others[0], others[1], others[2], unknown],
                lease: StoreUnderTest.longLease)
            try promise(lost, is: [overtaken.spec.id, others[0].spec.id, others[1].spec.id, unknown.spec.id])
            try promise(try await test.store.renew([heir], lease: StoreUnderTest.longLease), is: [])
            try promise(try await test.store.renew([], lease: StoreUnderTest.longLease), is: [])
        },
        Case("a job that kills its workers is buried") { test in
            try await test.submit(1...1)
            let lease = StoreUnderTest.shortLease
            for crash in 1..<test.crashLimit {
                try promise(try await test.claimOne(lease: lease).epoch, is: crash)
                try await test.advance(lease * 2)
            }
            let last = try await test.claimOne(lease: lease)
            try await test.advance(lease * 2)
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.reclaimed.count, is: 1)
            try promise(round.ended.map(\.spec), is: [last.spec.bodiless])
            try promise(round.ended.map(\.state), is: [.failed])
            try promise(round.ended.map(\.epoch), is: [test.crashLimit])
            let record = try await test.record(last.spec.id)
            try promise(record.state, is: .failed)
            try promise(record.error?.code, is: "poison")
            try promise(try record.rows().map(\.number), is: Array(1...test.crashLimit))
            try promise(try await test.settle(last, .answer("late")), is: .lost)
            try promise(try await test.counts(), is: [.failed: 1])
        },
    ]
}
