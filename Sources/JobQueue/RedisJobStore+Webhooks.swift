package import JobFlow
import Redis
import RedisFaults

extension RedisJobStore: WebhookOutbox {
    package func take(_ request: WebhookTake) async throws(StoreError) -> TakenWebhooks {
        try await evaluate(
            WebhookScripts.take, request.partition, WebhookScripts.arguments(request), WebhookScripts.taken)
    }

    package func report(_ report: WebhookReport) async throws(StoreError) -> Bool {
        try await webhookReports[try index(report.id.job.partition)].call(report)
    }

    /// A taken event leaves the stream: as long as something is there, there is something to take.
    package func waitForEvents(_ partitions: [Int], atMost wait: Duration) async throws(StoreError) {
        let milliseconds = RedisArgument.integer(max(1, Int(wait.wholeMilliseconds)))
        let keys = partitions.map { RedisArgument.string(QueueKeys.webhooks($0)) }
        let command = ["XREAD", "COUNT", "1", "BLOCK", milliseconds, "STREAMS"] + keys
        do {
            _ = try await client.blocking(command + partitions.map { _ in RedisArgument.string("0-0") }, timeout: wait)
        } catch { throw StoreError(error) }
    }

    package func dead(after: WebhookID?, limit: Int) async throws(StoreError) -> DeadWebhookList {
        var list = DeadWebhookList(webhooks: [], hasMore: false)
        for partition in (after?.job.partition ?? 0)..<max(configuration.partitions, after?.job.partition ?? 0) {
            if list.webhooks.count == limit { return DeadWebhookList(webhooks: list.webhooks, hasMore: true) }
            let last = partition == after?.job.partition ? after?.description ?? "" : ""
            let part = try await evaluate(
                WebhookScripts.dead, partition, [.string(last), .integer(limit - list.webhooks.count)],
                WebhookScripts.dead)
            list.webhooks += part.webhooks
            if part.hasMore { return DeadWebhookList(webhooks: list.webhooks, hasMore: true) }
        }
        return list
    }

    package func counts() async throws(StoreError) -> WebhookCounts {
        var sum = WebhookCounts()
        for partition in 0..<configuration.partitions {
            let part = try await evaluate(
                WebhookScripts.count, partition, [.integer(WebhookScripts.countedHosts)], WebhookScripts.counts)
            sum.pending += part.pending
            sum.dead += part.dead
        }
        return sum
    }

    package func revive(_ id: WebhookID) async throws(StoreError) -> Bool { try await bringBack(id, "1") }

    package func forget(_ id: WebhookID) async throws(StoreError) -> Bool { try await bringBack(id, "0") }

    private func bringBack(_ id: WebhookID, _ how: RedisArgument) async throws(StoreError) -> Bool {
        guard id.job.partition < configuration.partitions else { return false }
        let arguments = [.string(id.description), how]
        return try await evaluate(WebhookScripts.bringBack, id.job.partition, arguments) { $0.int == 1 }
    }
}
