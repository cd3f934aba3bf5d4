import JobFlow

/// Whatever ends a job puts its event into the outbox.
extension WebhookOutboxContract {
    static let filling = [
        Case("a job that completes leaves one event, with what its client asked for and without the body") { test in
            let spec = try await test.ended(1)
            let claim = try await test.takeOne()
            try promise(claim.event.id, is: WebhookID(job: spec.id, epoch: 1, state: .completed))
            try promise(claim.event.spec, is: spec.bodiless)
            try promise(claim.event.url, is: try promised(spec.webhook, "a URL"))
            try promise(
                claim.event.endedAt, is: try promised(try await test.queue.record(spec.id).finishedAt, "an end"))
            try promise(claim.attempt, is: 1)
            try promise(try await test.take().claims, is: [])
        },
        Case("a job without a URL leaves none, and its record has no webhook") { test in
            try await test.queue.settle(try await test.queue.held(), .answer("a"))
            try promise(try await test.take(), is: TakenWebhooks())
            try promise(try await test.queue.record(Samples.id(1)).webhook, is: nil)
        },
        Case("a job that fails for good leaves one, not one that is tried again") { test in
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            try await test.queue.settle(try await test.queue.claimOne(), .retry(after: .milliseconds(10)))
            try promise(try await test.take().claims, is: [])
            let error = JobError(code: "content_filter", message: "no", type: "invalid_request_error")
            try await test.queue.settle(try await test.queue.nextClaim(), .failed(error, answer: nil))
            try promise(try await test.takeOne().event.id.state, is: .failed)
        },
        Case("a cancelled job leaves one, whether it waited or ran, and no other when its worker is done") { test in
            for number in 1...2 { try promise(try await test.queue.store.submit(try test.spec(number)), is: .accepted) }
            let held = try await test.queue.claimOne()
            for number in 1...2 { _ = try await test.queue.store.cancel(Samples.id(number)) }
            _ = try await test.queue.store.cancel(Samples.id(1))
            try promise(try await test.queue.settle(held, .answer("late")), is: .lost)
            let ids = Set(try await test.take().claims.map(\.event.id))
            let waited = Samples.id(held.spec.id == Samples.id(1) ? 2 : 1)
            try promise(
                ids,
                is: [
                    WebhookID(job: held.spec.id, epoch: 1, state: .cancelled),
                    WebhookID(job: waited, epoch: 0, state: .cancelled),
                ])
        },
        Case("a job that nobody ran by its deadline leaves one") { test in
            var spec = try test.spec(1)
            spec.deadline = test.queue.now() + .milliseconds(40)
            try promise(try await test.queue.store.submit(spec), is: .accepted)
            try await eventually {
                try await test.queue.advance(.milliseconds(20))
                return try await !test.queue.visit(0).ended.isEmpty
            }
            try promise(try await test.takeOne().event.id, is: WebhookID(job: spec.id, epoch: 0, state: .expired))
        },
        Case("a job that killed its workers leaves one") { test in
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            for _ in 1...test.queue.crashLimit {
                _ = try await test.queue.nextClaim(lease: StoreUnderTest.shortLease)
                try await eventually {
                    try await test.queue.advance(.milliseconds(20))
                    return try await !test.queue.visit(0).reclaimed.isEmpty
                }
            }
            let claim = try await test.takeOne()
            try promise(claim.event.id.state, is: .failed)
            try promise(claim.event.id.epoch, is: test.queue.crashLimit)
        },
        Case("a promised job whose key had been used for another request leaves one") { test in
            var (first, second) = (Samples.spec(1), try test.spec(2))
            first.idempotency = Idempotency(key: "k", content: "a")
            second.idempotency = Idempotency(key: "k", content: "b")
            try promise(try await test.queue.store.submit(first), is: .accepted)
            try promise(
                try await test.queue.store.submit(second, isPromised: true), is: .conflict(with: first.id))
            try promise(try await test.takeOne().event.id, is: WebhookID(job: second.id, epoch: 0, state: .failed))
        },
        Case("a job that is run again leaves another one at its next end") { test in
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            _ = try await test.queue.store.cancel(Samples.id(1))
            try await test.report(try await test.takeOne(), .delivered, status: 204)
            try promise(try await test.queue.store.retry(Samples.id(1)), is: .done)
            try promise(try await test.webhook(Samples.id(1)), is: WebhookStatus(state: .waiting))
            try await test.queue.settle(try await test.queue.claimOne(), .answer("a"))
            let claim = try await test.takeOne()
            try promise(claim.event.id, is: WebhookID(job: Samples.id(1), epoch: 2, state: .completed))
        },
        Case("an end that a server had lost is told again under the same name") { test in
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            let claim = try await test.queue.claimOne()
            let goBack = try await test.queue.remember()
            try await test.queue.settle(claim, .answer("a"))
            let first = try await test.takeOne()
            try await goBack()
            var again = test.queue.settlement(claim, .answer("a"), rows: 1)
            again.occasion = .restored
            try promise(try await test.queue.store.settle(again), is: .settled)
            try promise(try await test.takeOne().event.id, is: first.event.id)
        },
        Case("an end is told of a job that the server had forgotten altogether") { test in
            let goBack = try await test.queue.remember()
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            let claim = try await test.queue.claimOne()
            try await goBack()
            var again = test.queue.settlement(claim, .answer("a"), rows: 1)
            again.occasion = .restored
            try promise(try await test.queue.store.settle(again), is: .settled)
            try promise(
                try await test.takeOne().event.id, is: WebhookID(job: Samples.id(1), epoch: 1, state: .completed))
        },
    ]
}
