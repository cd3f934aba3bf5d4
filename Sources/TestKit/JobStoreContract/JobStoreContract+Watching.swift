import JobFlow

extension JobStoreContract {
    static let watching = [
        Case("whoever waits for a job learns of its end") { test in
            let claim = try await test.held()
            let record = try await watch(claim.spec.id, test) { try await test.settle(claim, .answer("a")) }
            try promise(record.state, is: .completed)
            try promise(record.result?.body, is: Array(#"{"answer":"a"}"#.utf8))
        },
        Case("whoever waits learns of a failure, over retries") { test in
            let claim = try await test.held()
            let record = try await watch(claim.spec.id, test) {
                try await test.settle(claim, .retry(after: .milliseconds(10)))
                return try await test.settle(
                    try await test.nextClaim(), .failed(.deadlineExceeded, answer: nil))
            }
            try promise(record.state, is: .failed)
        },
        Case("whoever waits learns that a deadline has passed") { test in
            let spec = Samples.spec(1, deadline: test.now() + .milliseconds(30))
            try promise(try await test.store.submit(spec), is: .accepted)
            try await test.advance(.milliseconds(60))
            let record = try await watch(spec.id, test) { try await test.visit(0).ended.count }
            try promise(record.state, is: .expired)
        },
        Case("a job that has ended is read at once") { test in
            let claim = try await test.held()
            try await test.settle(claim, .answer("a"))
            try promise(try await beTold(claim.spec.id, test).state, is: .completed)
        },
        Case("whoever waits in vain gets the job as it is") { test in
            let claim = try await test.held()
            let record = try await test.whileTimePasses {
                try await test.store.record(claim.spec.id, endedWithin: .milliseconds(60))
            }
            try promise(record?.state, is: .inProgress)
            let now = try await test.store.record(claim.spec.id, endedWithin: .zero)
            try promise(now?.state, is: .inProgress)
        },
        Case("an interruption ends a wait with the job as it is, and no later one") { test in
            let claim = try await test.held()
            let interruption = Interruption()
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await test.store.record(claim.spec.id, endedWithin: .seconds(600), unless: interruption)
                }
                try await Task.sleep(for: .milliseconds(10))
                interruption.raise()
                try promise(try await group.next()??.state, is: .inProgress)
            }
            let again = try await test.store.record(claim.spec.id, endedWithin: .seconds(600), unless: interruption)
            try promise(again?.state, is: .inProgress)
            interruption.lower()
            try await test.settle(claim, .answer("a"))
            let ended = try await test.store.record(claim.spec.id, endedWithin: .seconds(600), unless: interruption)
            try promise(ended?.state, is: .completed)
        },
        Case("whoever submitted a job as watched learns of its end, before and after waiting for it") { test in
            let spec = Samples.spec(1)
            try promise(try await test.store.submitAndWatch(spec), is: .accepted)
            let record = try await watch(spec.id, test) {
                try await test.settle(try promised(try await test.claim().first, "a claim"), .answer("a"))
            }
            try promise(record.state, is: .completed)
            try promise(try await test.store.submitAndWatch(Samples.spec(2)), is: .accepted)
            try await test.settle(try promised(try await test.claim().first, "a claim"), .answer("b"))
            try promise(try await beTold(Samples.id(2), test).state, is: .completed)
            try promise(try await beTold(Samples.id(2), test).state, is: .completed)
        },
        Case("a job that was submitted as watched is read as any other when its time is up") { test in
            let spec = Samples.spec(1)
            try promise(try await test.store.submitAndWatch(spec), is: .accepted)
            _ = try await test.claim()
            try promise(try await test.store.record(spec.id, endedWithin: .zero)?.state, is: .inProgress)
            let record = try await test.whileTimePasses {
                try await test.store.record(spec.id, endedWithin: .milliseconds(60))
            }
            try promise(record?.state, is: .inProgress)
            test.store.unwatch(spec.id)
            test.store.unwatch(spec.id)
        },
        Case("a job that is not new is refused, or found, as if nobody watched") { test in
            let first = keyed(Samples.spec(1), "c")
            try promise(try await test.store.submitAndWatch(first), is: .accepted)
            try promise(try await test.store.submitAndWatch(keyed(Samples.spec(2), "c")), is: .duplicate(of: first.id))
            try promise(try await test.store.submitAndWatch(keyed(Samples.spec(3), "d")), is: .conflict(with: first.id))
            try promise(try await test.store.record(Samples.id(2), endedWithin: .seconds(600)), is: nil)
        },
        Case("whoever watches a job that somebody else was quicker to submit learns of its end, too") { test in
            for (number, endsBefore) in [(1, false), (2, true)] {
                let spec = Samples.spec(number)
                try promise(try await test.store.submit(spec, isPromised: true), is: .accepted)
                let claim = try promised(try await test.claim().first, "a claim")
                if endsBefore { try await test.settle(claim, .answer("a")) }
                try promise(try await test.store.submitAndWatch(spec), is: .accepted)
                let record = try await watch(spec.id, test) {
                    if !endsBefore { try await test.settle(claim, .answer("a")) }
                }
                try promise(record.state, is: .completed)
            }
        },
        Case("an interruption ends the wait for a job that was submitted as watched") { test in
            let interruption = Interruption()
            try promise(try await test.store.submitAndWatch(Samples.spec(1)), is: .accepted)
            try await withThrowingTaskGroup { group in
                group.addTask {
                    try await test.store.record(Samples.id(1), endedWithin: .seconds(600), unless: interruption)
                }
                try await Task.sleep(for: .milliseconds(10))
                interruption.raise()
                try promise(try await group.next()??.state, is: .queued)
            }
        },
        Case("many wait for one job, and many for others") { test in
            try await test.submit(1...10)
            let claims = try await test.claim(10)
            try await withThrowingTaskGroup { group in
                for claim in claims {
                    for _ in 1...10 {
                        group.addTask { try await beTold(claim.spec.id, test) }
                    }
                }
                for claim in claims { try await test.settle(claim, .answer("\(claim.spec.id)")) }
                for try await record in group {
                    try promise(record.result?.body, is: Array("{\"answer\":\"\(record.spec.id)\"}".utf8))
                }
            }
        },
        Case("whoever waits can be cancelled") { test in
            let claim = try await test.held()
            try await withThrowingTaskGroup { group in
                for _ in 1...5 {
                    group.addTask { _ = try await test.store.record(claim.spec.id, endedWithin: .seconds(600)) }
                }
                try await Task.sleep(for: .milliseconds(10))
                group.cancelAll()
                while let ended = await group.nextResult() {
                    if case .failure(let error as StoreError) = ended { try promise(error.code, is: .cancelled) }
                }
            }
            try promise(try await test.settle(claim, .answer("a")), is: .settled)
        },
    ]

    /// Waits for the end of a job while `body` brings it about, whether it comes before or after.
    private static func watch(_ id: JobID, _ test: StoreUnderTest, _ body: () async throws -> some Sendable)
        async throws -> JobRecord
    {
        try await withThrowingTaskGroup { group in
            group.addTask { try await beTold(id, test) }
            _ = try await body()
            return try promised(try await group.next(), "a record")
        }
    }

    /// Waits for the end of a job; who would wait for half a minute was forgotten.
    private static func beTold(_ id: JobID, _ test: StoreUnderTest) async throws -> JobRecord {
        try await withThrowingTaskGroup { group in
            group.addTask { try await test.store.record(id, endedWithin: .seconds(600)) }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                return nil
            }
            defer { group.cancelAll() }
            return try promised(try await group.next() ?? nil, "word of the end of \(id)")
        }
    }

    private static func keyed(_ spec: JobSpec, _ content: String) -> JobSpec {
        var spec = spec
        spec.idempotency = Idempotency(key: "k", content: content)
        return spec
    }
}
