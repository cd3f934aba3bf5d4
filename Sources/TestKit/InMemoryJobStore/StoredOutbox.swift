import JobFlow

/// Events that are to be told, and what is known of each. Pure: time comes in.
struct StoredOutbox: Sendable {
    fileprivate enum Place: Sendable {
        case waiting(Timestamp)
        case held(until: Timestamp)
        case dead(since: Timestamp)
    }

    fileprivate struct Stored: Sendable {
        var event: WebhookEvent
        var place: Place
        /// Those that came first are taken first.
        var number: Int
        var attempts = 0
        var takes = 0
        var reported = 0
        var last: WebhookDelivery?
        var deliveries: [UInt8] = []

        func status(_ state: WebhookStatus.State, next: Timestamp? = nil) -> WebhookStatus {
            WebhookStatus(
                state: state, attempts: attempts, nextAttemptAt: next, lastStatusCode: last?.statusCode,
                lastError: last?.error, deliveries: deliveries)
        }
    }

    private var events: [WebhookID: Stored] = [:]
    private var lastNumber = 0

    mutating func add(_ event: WebhookEvent, at now: Timestamp) {
        guard events[event.id] == nil else { return }
        lastNumber += 1
        events[event.id] = Stored(event: event, place: .waiting(now), number: lastNumber)
    }

    func hasNew(_ partition: Int) -> Bool {
        events.values.contains { $0.takes == 0 && $0.event.id.job.partition == partition }
    }

    mutating func take(_ request: WebhookTake, at now: Timestamp) -> TakenWebhooks {
        var held: [String: Int] = [:]
        let here = events.values.filter { $0.event.id.job.partition == request.partition }
        for stored in here {
            if case .held(let end) = stored.place, end > now { held[stored.event.url.host, default: 0] += 1 }
        }
        var claims: [WebhookClaim] = []
        for stored in here.filter({ $0.isDue(now) }).sorted(by: { $0.number < $1.number }) {
            let host = stored.event.url.host
            guard claims.count < request.limit, held[host, default: 0] < request.hostLimit else { continue }
            held[host, default: 0] += 1
            claims.append(hold(stored.event.id, until: now + request.lease))
        }
        let next = events.values.compactMap { $0.next(now) }.min()
        return TakenWebhooks(claims: claims, nextDueIn: next.map { max(.zero, $0 - now) })
    }

    private mutating func hold(_ id: WebhookID, until end: Timestamp) -> WebhookClaim {
        guard var stored = events[id] else { preconditionFailure("only what is there is held") }
        stored.attempts += 1
        stored.takes += 1
        stored.place = .held(until: end)
        events[id] = stored
        return WebhookClaim(event: stored.event, attempt: stored.attempts, take: stored.takes)
    }

    /// Whether it was written, and what the job's record shows from now on.
    mutating func report(_ report: WebhookReport, at now: Timestamp) -> (stands: Bool, status: WebhookStatus?) {
        guard var stored = events[report.id], stored.reported != report.take else { return (true, nil) }
        guard stored.takes == report.take else { return (false, nil) }
        stored.reported = report.take
        if let delivery = report.delivery {
            stored.last = delivery
            stored.deliveries += (stored.deliveries.isEmpty ? [] : Array(",".utf8)) + delivery.encoded
        }
        let status = stored.move(report.verdict, at: now)
        events[report.id] = report.verdict == .delivered ? nil : stored
        return (true, status)
    }

    func dead(after: WebhookID?, limit: Int) -> DeadWebhookList {
        let all = events.values.compactMap { stored -> (number: Int, webhook: DeadWebhook)? in
            guard case .dead(let since) = stored.place else { return nil }
            return (stored.number, DeadWebhook(event: stored.event, status: stored.status(.dead), diedAt: since))
        }.sorted { ($0.webhook.diedAt, $0.number) > ($1.webhook.diedAt, $1.number) }.map(\.webhook)
        let start = after.map { last in all.firstIndex { $0.event.id == last }.map { $0 + 1 } ?? all.count } ?? 0
        return DeadWebhookList(webhooks: Array(all[start...].prefix(limit)), hasMore: all.count - start > limit)
    }

    var counts: WebhookCounts {
        let dead = events.values.count { if case .dead = $0.place { true } else { false } }
        return WebhookCounts(pending: events.count - dead, dead: dead)
    }

    /// Nil if it is not dead.
    mutating func revive(_ id: WebhookID, at now: Timestamp) -> WebhookStatus? {
        guard var stored = events[id], case .dead = stored.place else { return nil }
        stored.attempts = 0
        stored.last = nil
        stored.place = .waiting(now)
        events[id] = stored
        return stored.status(.pending, next: now)
    }

    mutating func forget(_ id: WebhookID) -> Bool {
        guard case .dead? = events[id]?.place else { return false }
        events[id] = nil
        return true
    }
}

extension StoredOutbox.Stored {
    /// What the job's record shows from now on; nil if nothing else than before.
    fileprivate mutating func move(_ verdict: WebhookVerdict, at now: Timestamp) -> WebhookStatus? {
        switch verdict {
        case .delivered: return status(.delivered)
        case .retry(let delay):
            place = .waiting(now + delay)
            return status(.pending, next: now + delay)
        case .dead:
            place = .dead(since: now)
            return status(.dead)
        case .released:
            attempts -= 1
            place = .waiting(now)
            return nil
        }
    }

    fileprivate func isDue(_ now: Timestamp) -> Bool { next(now).map { $0 <= now } ?? false }

    fileprivate func next(_ now: Timestamp) -> Timestamp? {
        switch place {
        case .waiting(let time), .held(let time): time
        case .dead: nil
        }
    }
}
