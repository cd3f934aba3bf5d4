import JobFlow

extension JobStoreContract {
    static let steering = [
        Case("a failed job runs again with a fresh budget, and keeps its ledger") { test in
            let first = try await test.held()
            try await test.settle(first, .failed(.deadlineExceeded, answer: nil), spent: 5, rounds: 4)
            try promise(try await test.store.retry(first.spec.id), is: .done)
            let waiting = try await test.record(first.spec.id)
            try promise(waiting.state, is: .queued)
            try promise(waiting.error, is: nil)
            try promise(waiting.finishedAt, is: nil)
            try promise(try await test.counts(), is: [.queued: 1])
            let again = try await test.claimOne()
            try promise(again.spec, is: first.spec)
            try promise([again.attempts, again.spent, again.rounds], is: [1, 0, 0])
            try promise(again.epoch > first.epoch, "the epoch goes on")
            try promise(try await test.settle(first, .answer("old")), is: .lost)
            try promise(try await test.settle(again, .answer("new")), is: .settled)
            try promise(try await test.record(first.spec.id).rows().map(\.number), is: [1, 2])
        },
        Case("an expired job runs again without the deadline that passed") { test in
            var spec = Samples.spec(1)
            spec.deadline = test.now() + .milliseconds(30)
            _ = try await test.store.submit(spec)
            try await test.advance(.milliseconds(1100))
            try promise(try await test.visit(5).ended.map(\.state), is: [.expired])
            try promise(try await test.store.retry(spec.id), is: .done)
            try promise(try await test.claimOne().spec.deadline, is: nil)
        },
        Case("only a job that ended without an answer runs again") { test in
            let claim = try await test.held(1)
            try promise(try await test.store.retry(claim.spec.id), is: .refused(.inProgress))
            try await test.settle(claim, .answer("a"))
            try promise(try await test.store.retry(claim.spec.id), is: .refused(.completed))
            try promise(try await test.store.retry(Samples.id(99)), is: .missing)
            let other = try await test.submit([2])[0].id
            _ = try await test.store.cancel(other)
            try promise(try await test.store.retry(other), is: .done)
            try promise(try await test.claimOne().spec.id, is: other)
            try promise(try await test.visit(5).claims, is: [])
        },
        Case("an ended job is forgotten when asked, a living one is not") { test in
            let claim = try await test.held()
            try promise(try await test.store.delete(claim.spec.id), is: .refused(.inProgress))
            try await test.settle(claim, .failed(.deadlineExceeded, answer: nil))
            try promise(try await test.store.delete(claim.spec.id), is: .done)
            try promise(try await test.store.record(claim.spec.id), is: nil)
            try promise(try await test.store.delete(claim.spec.id), is: .missing)
            try promise(try await test.counts(), is: [:])
        },
        Case("a paused queue keeps its jobs until it is resumed") { test in
            try await test.submit(1...2)
            try await test.submit(3...3, queue: "interactive")
            try await test.store.pause("default", true)
            let shares = [QueueShare(queue: "interactive", jobs: 5), QueueShare(queue: "default", jobs: 5)]
            let round = try await test.visit(10, shares: shares)
            try promise(round.claims.map(\.spec.queue), is: ["interactive"])
            try promise(round.hasMore, is: false)
            try promise(try await test.store.census().map(\.isPaused), is: [false, true, false])
            try await test.store.pause("default", false)
            try promise(try await test.visit(10, shares: shares).claims.count, is: 2)
        },
        Case("a full queue refuses, and takes what was promised") { test in
            let length = StoreUnderTest.batchLength
            try await test.submit(1...length, queue: "batch")
            let more = Samples.spec(length + 1, queue: "batch")
            try promise(try await test.store.submit(more), is: .full)
            try promise(try await test.store.record(more.id), is: nil)
            try promise(try await test.store.submit(more, isPromised: true), is: .accepted)
            try promise(try await test.counts("batch"), is: [.queued: length + 1])
            _ = try await test.visit(2, shares: [QueueShare(queue: "batch", jobs: 2)])
            try promise(try await test.store.submit(Samples.spec(length + 2, queue: "batch")), is: .accepted)
        },
    ]

    static let listing = [
        Case("jobs are listed by state, newest first, in pages") { test in
            let ids = try await test.submit(1...5).map(\.id)
            for claim in try await test.claim(5) {
                try await test.settle(claim, .failed(.deadlineExceeded, answer: nil))
                try await test.advance(.milliseconds(3))
            }
            let first = try await test.store.list(JobPage(state: .failed, limit: 2))
            try promise(first.jobs.map(\.spec.id), is: [ids[4], ids[3]])
            try promise(first.hasMore, is: true)
            let rest = try await test.store.list(JobPage(state: .failed, after: ids[3], limit: 9))
            try promise(rest.jobs.map(\.spec.id), is: [ids[2], ids[1], ids[0]])
            try promise(rest.hasMore, is: false)
            try promise(rest.jobs[0].error?.code, is: JobError.deadlineExceeded.code)
        },
        Case("a list can be narrowed by queue, reason and time") { test in
            try await test.submit(1...1)
            try await test.submit(2...2, queue: "batch")
            let shares = [QueueShare(queue: "default", jobs: 1), QueueShare(queue: "batch", jobs: 1)]
            let reasons = ["content_filter", "timeout"]
            for (claim, reason) in zip(try await test.visit(2, shares: shares).claims, reasons) {
                let error = JobError(code: reason, message: "m", type: "server_error")
                try await test.settle(claim, .failed(error, answer: nil))
            }
            func found(_ page: JobPage) async throws -> [JobID] { try await test.store.list(page).jobs.map(\.spec.id) }
            try promise(try await found(JobPage(state: .failed)).count, is: 2)
            try promise(try await found(JobPage(state: .failed, queue: "batch")), is: [Samples.id(2)])
            try promise(try await found(JobPage(state: .failed, reason: "content_filter")), is: [Samples.id(1)])
            try promise(try await found(JobPage(state: .failed, until: test.now() + .seconds(-60))), is: [])
            try promise(try await found(JobPage(state: .failed, since: test.now() + .seconds(-60))).count, is: 2)
        },
        Case("a page looks at so many jobs and no more, and the next goes on behind them") { test in
            for number in 1...6 {
                let claim = try await test.held(number)
                let error = JobError(code: number == 1 ? "rare" : "usual", message: "m", type: "server_error")
                try await test.settle(claim, .failed(error, answer: nil))
                try await test.advance(.milliseconds(3))
            }
            func found(after: Int?) async throws -> JobList {
                let after = after.map { Samples.id($0) }
                return try await test.store.list(JobPage(state: .failed, reason: "rare", after: after, looks: 2))
            }
            try promise(try await found(after: nil), is: JobList(hasMore: true, last: Samples.id(5)))
            try promise(try await found(after: 5), is: JobList(hasMore: true, last: Samples.id(3)))
            let end = try await found(after: 3)
            try promise(end.jobs.map(\.spec.id), is: [Samples.id(1)])
            try promise(end.hasMore, is: false)
            try promise(try await found(after: 1), is: JobList())
        },
        Case("each state has its list") { test in
            let ids = try await test.submit(1...6).map(\.id)
            let claims = try await test.claim(3)
            try await test.settle(claims[0], .retry(after: .seconds(300)))
            try await test.settle(claims[1], .failed(.deadlineExceeded, answer: nil))
            func found(_ state: JobState) async throws -> [JobID] {
                try await test.store.list(JobPage(state: state)).jobs.map(\.spec.id)
            }
            try promise(try await found(.scheduled), is: [ids[0]])
            try promise(try await found(.failed), is: [ids[1]])
            try promise(try await found(.inProgress), is: [ids[2]])
            try promise(try await found(.queued), is: [ids[5], ids[4], ids[3]])
            let page = JobPage(state: .queued, after: ids[4], limit: 1)
            try promise(try await test.store.list(page).jobs.map(\.spec.id), is: [ids[3]])
        },
    ]
}
