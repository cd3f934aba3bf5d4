import JobFlow

extension JobStoreContract {
    static let claiming = [
        Case("a claimed job is found by nobody else") { test in
            try await test.submit(1...1)
            let claim = try await test.claimOne()
            try promise(claim.epoch, is: 1)
            try promise(claim.attempts, is: 0)
            let second = try await test.visit(5)
            try promise(second.claims, is: [])
            try promise(second.hasMore, is: false)
            let record = try await test.record(claim.spec.id)
            try promise(record.state, is: .inProgress)
            try promise(record.startedAt != nil, "a claimed job has a start")
        },
        Case("jobs of a queue are claimed in the order they came, up to the limit") { test in
            let ids = try await test.submit(1...7).map(\.id)
            let first = try await test.visit(3)
            try promise(first.claims.map(\.spec.id), is: Array(ids[..<3]))
            try promise(first.hasMore, is: true)
            let second = try await test.visit(9)
            try promise(second.claims.map(\.spec.id), is: Array(ids[3...]))
            try promise(second.hasMore, is: false)
        },
        Case("several hundred jobs are claimed in one visit") { test in
            let ids = try await withThrowingTaskGroup { group in
                for number in 1...450 { group.addTask { try await test.submit([number])[0].id } }
                return try await group.reduce(into: Set<JobID>()) { $0.insert($1) }
            }
            let claims = try await test.visit(1000).claims
            try promise(Set(claims.map(\.spec.id)), is: ids)
            try promise(try await test.counts(), is: [.inProgress: 450])
        },
        Case("workers that claim at the same time never get the same job") { test in
            try await test.submit(1...40)
            let claimed = try await withThrowingTaskGroup { group in
                for worker in 1...8 {
                    group.addTask { try await test.visit(7, worker: "worker-\(worker)").claims.map(\.spec.id) }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            try promise(claimed.count, is: 40)
            try promise(Set(claimed).count, is: 40)
        },
        Case("a limit of zero keeps house and claims nothing") { test in
            try await test.submit(1...3)
            let retried = try await test.claimOne()
            try await test.settle(retried, .retry(after: .milliseconds(30)))
            let abandoned = try await test.claimOne(lease: .milliseconds(30))
            try await test.advance(.milliseconds(60))
            let round = try await test.visit(0)
            try promise(round.claims, is: [])
            try promise(round.hasMore, is: true)
            try promise(round.reclaimed.count, is: 1)
            try promise(try await test.counts(), is: [.queued: 3])
            try promise(try await test.state(retried.spec.id), is: .queued)
            try promise(try await test.state(abandoned.spec.id), is: .queued)
        },
        Case("an empty queue gives an empty round") { test in
            let round = try await test.visit(5)
            try promise(round.claims, is: [])
            try promise(round.hasMore, is: false)
            try promise(round.nextDueIn, is: nil)
            try promise(round.reclaimed.count, is: 0)
            try promise(round.ended, is: [])
        },
    ]

    static let sharing = [
        Case("each queue gets its share before the rest is shared out") { test in
            for (base, queue) in [(0, "interactive"), (100, "default"), (200, "batch")] {
                try await test.submit(base + 1...base + 20, queue: queue)
            }
            let round = try await test.visit(12, shares: shares(8, 3, 1))
            try promise(taken(round), is: ["interactive": 8, "default": 3, "batch": 1])
            try promise(round.hasMore, is: true)
        },
        Case("what a queue leaves goes to the others, in order") { test in
            try await test.submit(1...2, queue: "interactive")
            try await test.submit(101...104, queue: "default")
            try await test.submit(201...220, queue: "batch")
            let round = try await test.visit(12, shares: shares(8, 3, 1))
            try promise(taken(round), is: ["interactive": 2, "default": 4, "batch": 6])
        },
        Case("shares never exceed the limit") { test in
            for (base, queue) in [(0, "interactive"), (100, "default"), (200, "batch")] {
                try await test.submit(base + 1...base + 9, queue: queue)
            }
            try promise(try await test.visit(4, shares: shares(9, 9, 9)).claims.count, is: 4)
            try promise(try await test.visit(4, shares: shares(0, 0, 0)).claims.count, is: 4)
            try promise(try await test.visit(100, shares: shares(1, 1, 1)).claims.count, is: 19)
        },
        Case("a queue with a small share is served to its end while others are never empty") { test in
            try await test.submit(1...200, queue: "interactive")
            try await test.submit(201...205, queue: "batch")
            var batch = 0
            for _ in 1...5 { batch += taken(try await test.visit(9, shares: shares(8, 0, 1)))["batch"] ?? 0 }
            try promise(batch, is: 5)
        },
    ]

    private static func shares(_ interactive: Int, _ standard: Int, _ batch: Int) -> [QueueShare] {
        [
            QueueShare(queue: "interactive", jobs: interactive), QueueShare(queue: "default", jobs: standard),
            QueueShare(queue: "batch", jobs: batch),
        ]
    }

    private static func taken(_ round: ClaimRound) -> [String: Int] {
        Dictionary(round.claims.map { ($0.spec.queue, 1) }, uniquingKeysWith: +)
    }
}
