import JobFlow

/// Events that nobody took are kept for operators.
extension WebhookOutboxContract {
    static let burying = [
        Case("a dead event is listed with what was tried, and not told any more") { test in
            let spec = try await test.ended(1)
            let claim = try await test.takeOne()
            try await test.report(claim, .dead, status: 410)
            try promise(try await test.take(), is: TakenWebhooks())
            let list = try await test.outbox.dead(after: nil, limit: 10)
            try promise(list.webhooks.map(\.event), is: [claim.event])
            try promise(list.hasMore, is: false)
            let status = try await test.webhook(spec.id)
            try promise(status.state, is: .dead)
            try promise(list.webhooks.first?.status, is: status)
        },
        Case("dead events come in pages, the latest first") { test in
            for number in 1...3 {
                try await test.ended(number)
                try await test.report(try await test.takeOne(), .dead, error: "timeout")
                try await test.queue.advance(.milliseconds(5))
            }
            let first = try await test.outbox.dead(after: nil, limit: 2)
            try promise(first.webhooks.map(\.event.id.job), is: [Samples.id(3), Samples.id(2)])
            try promise(first.hasMore, is: true)
            let second = try await test.outbox.dead(after: first.webhooks.last?.event.id, limit: 2)
            try promise(second.webhooks.map(\.event.id.job), is: [Samples.id(1)])
            try promise(second.hasMore, is: false)
        },
        Case("a dead event that is wanted again starts anew, once") { test in
            let spec = try await test.ended(1)
            let claim = try await test.takeOne()
            try await test.report(claim, .dead, error: "timeout")
            try promise(try await test.outbox.revive(claim.event.id), is: true)
            try promise(try await test.outbox.revive(claim.event.id), is: false)
            try promise(try await test.outbox.dead(after: nil, limit: 10).webhooks, is: [])
            try promise(try await test.webhook(spec.id).state, is: .pending)
            let again = try await test.takeOne()
            try promise(again.event, is: claim.event)
            try promise(again.attempt, is: 1)
            try await test.report(claim, .dead, status: 500)
            try promise(try await test.webhook(spec.id).state, is: .pending)
            try promise(try await test.report(again, .delivered, status: 200), is: true)
        },
        Case("events are counted wherever they are on their way, and once they are dead") { test in
            try promise(try await test.outbox.counts(), is: WebhookCounts())
            for number in 1...3 { try await test.ended(number, url: "https://\(number % 2).example/hook") }
            try promise(try await test.outbox.counts(), is: WebhookCounts(pending: 3))
            let claims = try await test.take().claims
            try promise(try await test.outbox.counts(), is: WebhookCounts(pending: 3))
            try await test.report(claims[0], .delivered, status: 200)
            try await test.report(claims[1], .retry(after: .seconds(60)), status: 500)
            try promise(try await test.outbox.counts(), is: WebhookCounts(pending: 2))
            try await test.report(claims[2], .dead, status: 410)
            try promise(try await test.outbox.counts(), is: WebhookCounts(pending: 1, dead: 1))
            try promise(try await test.outbox.revive(claims[2].event.id), is: true)
            try promise(try await test.outbox.counts(), is: WebhookCounts(pending: 2))
        },
        Case("a dead event can be forgotten; what is not dead cannot") { test in
            try await test.ended(1)
            let claim = try await test.takeOne()
            try promise(try await test.outbox.forget(claim.event.id), is: false)
            try promise(try await test.outbox.revive(claim.event.id), is: false)
            try await test.report(claim, .dead, status: 500)
            try promise(try await test.outbox.forget(claim.event.id), is: true)
            try promise(try await test.outbox.forget(claim.event.id), is: false)
            try promise(try await test.outbox.dead(after: nil, limit: 10).webhooks, is: [])
        },
    ]
}
