import JobFlow

/// One worker at a time has an event, until it is told.
extension WebhookOutboxContract {
    static let delivering = [
        Case("a delivered event is gone, and the job's record tells") { test in
            let spec = try await test.ended(1)
            try promise(try await test.webhook(spec.id), is: WebhookStatus(state: .pending))
            let claim = try await test.takeOne()
            try promise(try await test.report(claim, .delivered, status: 204), is: true)
            let row = try promised(test.delivery(claim, 204, nil), "a row").encoded
            try promise(
                try await test.webhook(spec.id),
                is: WebhookStatus(state: .delivered, attempts: 1, lastStatusCode: 204, deliveries: row))
            try promise(try await test.take(), is: TakenWebhooks())
        },
        Case("an event that was not taken comes again when it is due, and not before") { test in
            let spec = try await test.ended(1)
            let claim = try await test.takeOne()
            try promise(try await test.report(claim, .retry(after: .seconds(2)), status: 500), is: true)
            let waiting = try await test.webhook(spec.id)
            try promise(waiting.state, is: .pending)
            try promise(waiting.lastStatusCode, is: 500)
            try promise(waiting.nextAttemptAt != nil, "it says when it is told again")
            let taken = try await test.take()
            try promise(taken.claims, is: [])
            try promise(taken.nextDueIn.map { $0 > .zero && $0 <= .seconds(2) } ?? false, "it is due soon")
            let again = try await test.nextClaim()
            try promise(again.event, is: claim.event)
            try promise(again.attempt, is: 2)
            try await test.report(again, .delivered, status: 200)
            let rows = try promised(test.delivery(claim, 500, nil), "a row").encoded + Array(",".utf8)
            try promise(
                try await test.webhook(spec.id).deliveries,
                is: rows + (try promised(test.delivery(again, 200, nil), "a row").encoded))
        },
        Case("an event whose worker died is told by another when the lease is over; the first comes too late") { test in
            try await test.ended(1)
            let lost = try await test.takeOne(lease: .seconds(2))
            try promise(try await test.take().claims, is: [])
            let claim = try await test.nextClaim()
            try promise(claim.event, is: lost.event)
            try promise(claim.attempt, is: 2)
            try promise(try await test.report(lost, .delivered, status: 200), is: false)
            try promise(try await test.webhook(claim.event.id.job).state, is: .pending)
            try promise(try await test.report(claim, .delivered, status: 200), is: true)
        },
        Case("a report that comes after the lease counts until somebody else has the event") { test in
            try await test.ended(1)
            let claim = try await test.takeOne(lease: .milliseconds(50))
            try await test.queue.advance(.milliseconds(80))
            try promise(try await test.report(claim, .delivered, status: 200), is: true)
            try promise(try await test.take().claims, is: [])
        },
        Case("a report may be sent twice") { test in
            try await test.ended(1)
            var claim = try await test.takeOne()
            for _ in 1...2 { try promise(try await test.report(claim, .retry(after: .zero), error: "tls"), is: true) }
            claim = try await test.nextClaim()
            try promise(claim.attempt, is: 2)
            for _ in 1...2 { try promise(try await test.report(claim, .delivered, status: 200), is: true) }
            let status = try await test.webhook(claim.event.id.job)
            try promise(status.attempts, is: 2)
            try promise(status.lastError, is: nil)
        },
        Case("an event that is handed back is taken at once, and its number of deliveries is as it was") { test in
            let spec = try await test.ended(1)
            try promise(try await test.report(try await test.takeOne(), .released), is: true)
            let claim = try await test.nextClaim()
            try promise(claim.attempt, is: 1)
            try promise(try await test.webhook(spec.id), is: WebhookStatus(state: .pending))
        },
        Case("an event is told though its job was deleted, or run again, and the record then shows nothing of it") {
            test in
            let deleted = try await test.ended(1)
            let claim = try await test.takeOne()
            try promise(try await test.queue.store.delete(deleted.id), is: .done)
            try promise(try await test.report(claim, .retry(after: .zero), status: 500), is: true)
            try promise(try await test.queue.store.record(deleted.id), is: nil)
            try await test.report(try await test.nextClaim(), .delivered, status: 200)
            try promise(try await test.queue.store.submit(try test.spec(2)), is: .accepted)
            _ = try await test.queue.store.cancel(Samples.id(2))
            let second = try await test.takeOne()
            try promise(try await test.queue.store.retry(Samples.id(2)), is: .done)
            try promise(try await test.report(second, .delivered, status: 200), is: true)
            try promise(try await test.webhook(Samples.id(2)), is: WebhookStatus(state: .waiting))
        },
        Case("whoever waits for events is woken by the end of a job") { test in
            try promise(try await test.queue.store.submit(try test.spec(1)), is: .accepted)
            let claim = try await test.queue.claimOne()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await test.outbox.waitForEvents([0], atMost: .seconds(20)) }
                try await test.queue.settle(claim, .answer("a"))
                try await group.next()
            }
            try promise(try await test.take().claims.count, is: 1)
        },
    ]
}
