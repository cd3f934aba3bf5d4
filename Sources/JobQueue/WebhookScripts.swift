import JobFlow
import Redis

/// The scripts of the outbox: their arguments and replies.
enum WebhookScripts {
    static let take = QueueScripts.webhooks("webhooks_take", PackageResources.webhooks_take_lua)
    static let report = QueueScripts.webhooks("webhooks_report", PackageResources.webhooks_report_lua)
    static let dead = QueueScripts.webhooks("webhooks_dead", PackageResources.webhooks_dead_lua)
    static let count = QueueScripts.webhooks("webhooks_count", PackageResources.webhooks_count_lua)
    static let bringBack = QueueScripts.webhooks("webhooks_bring_back", PackageResources.webhooks_bring_back_lua)

    /// Steps of housekeeping of each kind in one visit: bounds how long Redis is held.
    private static let housekeepingBound = 200
    /// Hosts whose events are counted one by one: some two commands each.
    static let countedHosts = 1_000

    static func arguments(_ request: WebhookTake) -> [RedisArgument] {
        [
            .integer(request.limit), .integer(request.hostLimit), .integer(Int(request.lease.wholeMilliseconds)),
            .integer(housekeepingBound),
        ]
    }

    /// Nil if the reply has another shape. An event that this program cannot read is left to one that can.
    static func taken(_ reply: RedisReply) -> TakenWebhooks? {
        guard let parts = reply.array, parts.count == 2, let claims = parts[0].array, let wait = parts[1].int else {
            return nil
        }
        return TakenWebhooks(claims: claims.compactMap(claim), nextDueIn: wait < 0 ? nil : .milliseconds(wait))
    }

    private static func claim(_ reply: RedisReply) -> WebhookClaim? {
        guard let parts = reply.array, parts.count == 6, let event = event(parts), let attempt = parts[4].int,
            let take = parts[5].int
        else { return nil }
        return WebhookClaim(event: event, attempt: attempt, take: take)
    }

    static func arguments(_ reports: [WebhookReport]) -> [RedisArgument] {
        [.integer(deadWebhooksLimit)] + reports.flatMap(arguments)
    }

    private static func arguments(_ report: WebhookReport) -> [RedisArgument] {
        let (word, delay) = words(report.verdict)
        return [
            .string(report.id.description), .integer(report.take), .string(word),
            .integer(Int(delay.wholeMilliseconds)), .bytes(report.delivery?.encoded ?? []),
            .integer(report.delivery?.statusCode ?? 0), .string(report.delivery?.error ?? "-"),
        ]
    }

    private static func words(_ verdict: WebhookVerdict) -> (String, Duration) {
        switch verdict {
        case .delivered: ("delivered", .zero)
        case .retry(let delay): ("retry", delay)
        case .dead: ("dead", .zero)
        case .released: ("released", .zero)
        }
    }

    static func dead(_ reply: RedisReply) -> DeadWebhookList? {
        guard let parts = reply.array, parts.count == 2, let events = parts[0].array else { return nil }
        return DeadWebhookList(webhooks: events.compactMap(deadWebhook), hasMore: parts[1].int == 1)
    }

    static func counts(_ reply: RedisReply) -> WebhookCounts? {
        guard let parts = reply.array, parts.count == 2, let pending = parts[0].int, let dead = parts[1].int else {
            return nil
        }
        return WebhookCounts(pending: pending, dead: dead)
    }

    private static func deadWebhook(_ reply: RedisReply) -> DeadWebhook? {
        guard let parts = reply.array, parts.count == 9, let event = event(parts), let died = parts[8].int else {
            return nil
        }
        let status = WebhookStatus(
            state: .dead, attempts: parts[4].int ?? 0, lastStatusCode: parts[6].int.flatMap { $0 == 0 ? nil : $0 },
            lastError: parts[7].string.flatMap { $0 == "-" ? nil : $0 },
            deliveries: parts[5].bytes.map(Array.init) ?? [])
        return DeadWebhook(event: event, status: status, diedAt: Timestamp(milliseconds: Int64(died)))
    }

    /// The first four parts of a claim and of a dead event.
    private static func event(_ parts: [RedisReply]) -> WebhookEvent? {
        guard let id = parts[0].string.flatMap({ WebhookID($0) }), let endedAt = parts[1].int,
            let url = parts[2].string.flatMap(WebhookURL.init), let meta = parts[3].bytes,
            let spec = JobSpec(id: id.job, meta: meta, body: [])
        else { return nil }
        return WebhookEvent(id: id, spec: spec, url: url, endedAt: Timestamp(milliseconds: Int64(endedAt)))
    }
}

extension WebhookStatus {
    /// As `webhooks.lua` wrote it into a record: `<state> <attempts> <next attempt (ms)> <status> <error>`.
    init?(_ text: String, deliveries: [UInt8]) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 5, let state = State(rawValue: words[0]), let attempts = Int(words[1]),
            let next = Int64(words[2]), let code = Int(words[3])
        else { return nil }
        self.init(
            state: state, attempts: attempts, nextAttemptAt: next == 0 ? nil : Timestamp(milliseconds: next),
            lastStatusCode: code == 0 ? nil : code, lastError: words[4] == "-" ? nil : words[4], deliveries: deliveries)
    }
}
