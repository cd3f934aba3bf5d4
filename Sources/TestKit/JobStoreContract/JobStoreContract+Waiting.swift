import JobFlow

extension JobStoreContract {
    static let waiting = [
        Case("an idle worker is woken by a submission") { test in
            try await wakes(test) { try await test.submit(1...1) }
        },
        Case("an idle worker is woken by a released job") { test in
            let claim = try await test.held()
            try await drainMarkers(test)
            try await wakes(test) { try await test.settle(claim, .released(after: .zero), rows: 0) }
        },
        Case("an idle worker is woken by a retry that somebody's housekeeping found due") { test in
            let claim = try await test.held()
            try await drainMarkers(test)
            try await test.settle(claim, .retry(after: .milliseconds(5)))
            try await test.advance(.milliseconds(20))
            try await wakes(test) { try await test.visit(0) }
        },
        Case("an idle worker is woken by work that was there before it began to wait") { test in
            try await test.submit(1...1)
            try await beWoken(test)
            try promise(try await test.visit(1).claims.count, is: 1)
        },
        Case("as long as jobs are left, idle workers are woken one after the other") { test in
            let taken = try await withThrowingTaskGroup { group in
                for worker in 1...4 {
                    group.addTask { try await workOnce(test, worker: "worker-\(worker)") }
                }
                try await test.submit(1...4)
                return try await group.reduce(into: Set<JobID>()) { $0.insert($1) }
            }
            try promise(taken.count, is: 4)
        },
        Case("a worker without room passes the wake-up on") { test in
            try await test.submit(1...2)
            try await beWoken(test)
            try promise(try await test.visit(0).hasMore, is: true)
            try await beWoken(test)
            try promise(try await test.visit(2).claims.count, is: 2)
        },
        Case("an idle worker whose time is up goes on") { test in
            try await test.whileTimePasses { try await test.store.waitForWork([0], atMost: .milliseconds(60)) }
        },
        Case("an idle worker can be cancelled") { test in
            try await withThrowingTaskGroup { group in
                group.addTask { try await test.store.waitForWork([0], atMost: .seconds(600)) }
                try await Task.sleep(for: .milliseconds(10))
                group.cancelAll()
                while let ended = await group.nextResult() {
                    if case .failure(let error as StoreError) = ended { try promise(error.code, is: .cancelled) }
                }
            }
            try await test.submit(1...1)
            try promise(try await test.visit(1).claims.count, is: 1)
        },
    ]

    /// Sleeps until it is woken; a worker that would sleep for half a minute was forgotten.
    private static func beWoken(_ test: StoreUnderTest) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await test.store.waitForWork([0], atMost: .seconds(600))
                return true
            }
            group.addTask {
                try await Task.sleep(for: .seconds(30))
                return false
            }
            defer { group.cancelAll() }
            try promise(try await group.next() ?? false, "an idle worker was not woken")
        }
    }

    /// A worker waits; `body` has to wake it, whether it comes before or after.
    private static func wakes(_ test: StoreUnderTest, _ body: () async throws -> some Sendable) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await beWoken(test) }
            _ = try await body()
            try await group.waitForAll()
        }
        try promise(try await test.visit(1).claims.count, is: 1)
    }

    /// Sleeps until it has one job; a wake-up may come in vain.
    private static func workOnce(_ test: StoreUnderTest, worker: String) async throws -> JobID {
        while true {
            try await beWoken(test)
            if let claim = try await test.visit(1, worker: worker).claims.first { return claim.spec.id }
        }
    }

    /// Wake-ups may come without work; a test that wants to see the next one takes the old one first.
    private static func drainMarkers(_ test: StoreUnderTest) async throws {
        try await test.whileTimePasses { try await test.store.waitForWork([0], atMost: .milliseconds(1)) }
    }
}
