import JobFlow

extension JobStoreContract {
    static let cancelling = [
        Case("a waiting job is cancelled at once and never claimed") { test in
            let ids = try await test.submit(1...2).map(\.id)
            try promise(try await test.store.cancel(ids[0]), is: .cancelled(epoch: 0, from: .queued))
            let record = try await test.record(ids[0])
            try promise(record.state, is: .cancelled)
            try promise(record.finishedAt != nil, "an ended job has an end")
            try promise(try await test.visit(5).claims.map(\.spec.id), is: [ids[1]])
            try promise(try await test.counts(), is: [.inProgress: 1])
        },
        Case("a job that waits for its retry is cancelled and never promoted") { test in
            let claim = try await test.held()
            try await test.settle(claim, .retry(after: .milliseconds(20)))
            try promise(try await test.store.cancel(claim.spec.id), is: .cancelled(epoch: 1, from: .scheduled))
            try await test.advance(.milliseconds(60))
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.nextDueIn, is: nil)
            try promise(try await test.record(claim.spec.id).nextAttemptAt, is: nil)
        },
        Case("a running job is cancelled; its worker's answer comes too late, its calls stay in the ledger") { test in
            let claim = try await test.held()
            try promise(try await test.store.cancel(claim.spec.id), is: .cancelled(epoch: 1, from: .inProgress))
            try promise(try await test.store.renew([claim], lease: StoreUnderTest.longLease), is: [claim.spec.id])
            for _ in 1...2 { try promise(try await test.settle(claim, .answer("late"), rows: 1), is: .lost) }
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .cancelled)
            try promise(record.result, is: nil)
            try promise(try record.rows().map(\.number), is: [1])
            try promise(try await test.counts(), is: [:])
            try await test.advance(StoreUnderTest.shortLease)
            try promise(try await test.visit(5).reclaimed, is: [])
        },
        Case("cancelling again is harmless, cancelling an ended job is refused") { test in
            let claim = try await test.held(1)
            try await test.settle(claim, .answer("a"))
            try promise(try await test.store.cancel(claim.spec.id), is: .ended(.completed))
            let other = try await test.submit([2])[0].id
            for state in [JobState.queued, nil] {
                try promise(try await test.store.cancel(other), is: .cancelled(epoch: 0, from: state))
            }
            try promise(try await test.store.cancel(Samples.id(99)), is: .missing)
        },
        Case("whoever watches hears of a running job that is cancelled") { test in
            let claim = try await test.held()
            let (heard, hear) = AsyncStream<JobID>.makeStream()
            let (begun, begin) = AsyncStream<Void>.makeStream()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await test.store.watchCancellations(onCancel: { hear.yield($0) }, onGap: { begin.yield() })
                }
                for await _ in begun { break }
                try promise(try await test.store.cancel(claim.spec.id), is: .cancelled(epoch: 1, from: .inProgress))
                for await id in heard {
                    try promise(id, is: claim.spec.id)
                    break
                }
                group.cancelAll()
            }
        },
        Case("cancelling and completing at the same time has one winner") { test in
            for number in 1...40 {
                let claim = try await test.held(number)
                async let cancelled = test.store.cancel(claim.spec.id)
                async let settled = test.settle(claim, .answer("a"))
                let state = try await test.afterBoth(cancelled, settled, claim.spec.id)
                try promise(try await test.state(claim.spec.id), is: state)
            }
            try promise(try await test.counts(), is: [:])
        },
    ]
}

extension StoreUnderTest {
    fileprivate func afterBoth(_ cancelled: CancelOutcome, _ settled: SettleOutcome, _ id: JobID) throws -> JobState {
        switch (cancelled, settled) {
        case (.cancelled(epoch: 1, from: .inProgress), .lost): return .cancelled
        case (.ended(.completed), .settled): return .completed
        default: throw BrokenPromise("\(cancelled) and \(settled) cannot both be", #fileID, #line)
        }
    }
}
