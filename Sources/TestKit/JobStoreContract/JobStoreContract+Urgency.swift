import JobFlow

extension JobStoreContract {
    static let hurrying = [
        Case("urgent jobs come first, the earliest deadline before all others, whatever their queue's share") { test in
            try await test.submit(1...3)
            try await dated(4, in: 300, test)
            try await dated(5, in: 100, test, queue: "batch")
            try await dated(6, in: 200, test, queue: "batch")
            let round = try await test.visit(
                3, shares: [share("default"), share("batch", 0)], urgent: UrgentShare(jobs: 2, within: .seconds(600)))
            try promise(round.claims.map(\.spec.id), is: [5, 6, 1].map { Samples.id($0) })
            let rest = try await test.visit(9, shares: [share("default"), share("batch", 0)])
            try promise(rest.claims.map(\.spec.id), is: [2, 3, 4].map { Samples.id($0) })
            try promise(try await test.visit(9, shares: [share("default"), share("batch")]).claims, is: [])
        },
        Case("a deadline that is not near is not urgent, and urgent jobs count against the limit") { test in
            try await test.submit(1...1)
            for number in 2...4 { try await dated(number, in: 100 * number, test) }
            let urgent = UrgentShare(jobs: 5, within: .seconds(350))
            let first = try await test.visit(2, shares: [share("default", 1)], urgent: urgent)
            try promise(first.claims.map(\.spec.id), is: [2, 3].map { Samples.id($0) })
            let second = try await test.visit(2, shares: [share("default", 1)], urgent: urgent)
            try promise(second.claims.map(\.spec.id), is: [1, 4].map { Samples.id($0) })
        },
        Case("an urgent job is claimed once, also when it comes back") { test in
            try await dated(1, in: 100, test)
            try await test.submit(2...2)
            let urgent = UrgentShare(jobs: 1, within: .seconds(600))
            for epoch in 1...3 {
                let claim = try promised(try await test.visit(1, urgent: urgent).claims.first, "an urgent job")
                try promise([claim.epoch, claim.spec.id == Samples.id(1) ? 1 : 2], is: [epoch, 1])
                try await test.settle(claim, .released(after: .zero))
            }
            try promise(try await test.visit(9).claims.count, is: 2)
            try promise(try await test.visit(9, urgent: urgent).claims, is: [])
            try promise(try await test.counts(), is: [.inProgress: 2])
        },
        Case("urgent jobs of a paused queue wait, and so do those of a queue that nobody asked for") { test in
            try await dated(1, in: 100, test)
            try await dated(2, in: 100, test, queue: "batch")
            try await test.store.pause("default", true)
            let urgent = UrgentShare(jobs: 5, within: .seconds(600))
            try promise(try await test.visit(5, shares: [share("default")], urgent: urgent).claims, is: [])
            try await test.store.pause("default", false)
            let round = try await test.visit(5, shares: [share("default")], urgent: urgent)
            try promise(round.claims.map(\.spec.id), is: [Samples.id(1)])
        },
        Case("a queue takes no more than its most, and what it leaves is no reason to come back at once") { test in
            try await test.submit(1...9)
            try await test.submit(11...19, queue: "batch")
            let capped = [QueueShare(queue: "default", jobs: 2, most: 3), QueueShare(queue: "batch", jobs: 0, most: 4)]
            let round = try await test.visit(9, shares: capped)
            try promise(
                round.claims.map(\.spec.queue),
                is: ["default", "default", "default"] + ["batch", "batch", "batch", "batch"])
            try promise(round.hasMore, is: false)
            let none = [QueueShare(queue: "default", jobs: 2, most: 0), QueueShare(queue: "batch", jobs: 0)]
            try promise(
                try await test.visit(3, shares: none).claims.map(\.spec.queue), is: ["batch", "batch", "batch"])
            try promise(try await test.visit(1, shares: none).hasMore, is: true)
        },
        Case("a visit that its limit cut off says that there is more; one that may take nothing does not") { test in
            try await test.submit(1...5)
            let full = [QueueShare(queue: "default", jobs: 3, most: 3)]
            try promise(
                try await test.visit(0, shares: [QueueShare(queue: "default", jobs: 0, most: 0)]).hasMore, is: false)
            try promise(try await test.visit(3, shares: full).hasMore, is: true)
            try promise(try await test.visit(3, shares: full).hasMore, is: false)
        },
        Case("a round counts the deadlines ahead, of waiting and held jobs alike") { test in
            try promise(try await test.visit(0).deadlines, is: [])
            try await test.submit(1...1)
            for (number, seconds) in [(2, 20), (3, 200), (4, 200), (5, 200_000)] {
                try await dated(number, in: seconds, test)
            }
            let claims = try await test.claim(3)
            try promise(try await test.visit(0).deadlines, is: [0, 1, 1, 3, 3, 3, 3, 3])
            for claim in claims { try await test.settle(claim, .answer("a")) }
            try promise(try await test.visit(0).deadlines, is: [0, 0, 0, 1, 1, 1, 1, 1])
        },
    ]

    private static func share(_ queue: String, _ jobs: Int = 9) -> QueueShare { QueueShare(queue: queue, jobs: jobs) }

    private static func dated(
        _ number: Int, in seconds: Int, _ test: StoreUnderTest, queue: String = "default"
    ) async throws {
        let spec = Samples.spec(number, queue: queue, deadline: test.now() + .seconds(seconds))
        try promise(try await test.store.submit(spec), is: .accepted)
    }
}
