import JobFlow

extension JobStoreContract {
    static let counting = [
        Case("the census counts jobs by queue and state") { test in
            try await test.submit(1...6)
            try await test.submit(101...102, queue: "batch")
            let claims = try await test.claim(4)
            try await test.settle(claims[0], .answer("a"))
            try await test.settle(claims[1], .retry(after: .seconds(300)))
            try await test.settle(claims[2], .failed(.deadlineExceeded, answer: nil))
            let census = try await test.store.census()
            try promise(census.map(\.queue), is: ["interactive", "default", "batch"])
            try promise(try await test.counts(), is: [.queued: 2, .scheduled: 1, .inProgress: 1, .failed: 1])
            try promise(try await test.counts("batch"), is: [.queued: 2])
            try promise(try await test.counts("interactive"), is: [:])
        },
        Case("the census of an empty store names every queue") { test in
            let census = try await test.store.census()
            try promise(census.map(\.queue), is: ["interactive", "default", "batch"])
            for queue in census { try promise(queue.oldestAge, is: .zero) }
        },
        Case("the age of the oldest job is that of the head of the queue") { test in
            try await test.submit(1...1)
            try await test.advance(.milliseconds(100))
            try await test.submit(2...2)
            try promise(try await age(test) >= .milliseconds(100), "the first job waits")
            let first = try await test.claimOne()
            try await test.settle(first, .answer("a"))
            _ = try await test.claimOne()
            try promise(try await age(test), is: .zero)
        },
    ]

    private static func age(_ test: StoreUnderTest) async throws -> Duration {
        try promised(try await test.store.census().first { $0.queue == "default" }, "a census").oldestAge
    }

    static let randomised = [
        Case("thousands of random steps leave every job in one state") { test in
            try await RandomSteps(test, seed: 20_261_122).run(steps: 3000)
        },
        Case("random steps under a heavy hand of death leave every job in one state") { test in
            try await RandomSteps(test, seed: 7, jobs: 12, crashes: 40).run(steps: 1500)
        },
        Case("workers that die, linger and race end every job once") { test in
            try await Swarm(test, seed: 42).run()
        },
    ]
}
