/// The seam to the events that are to be told. Whatever ends a job puts its event there in the same step; who delivers takes
/// it out, one worker at a time. `JobQueue` implements it on Redis, `TestKit` in memory; one contract suite tests both.
package protocol WebhookOutbox: Sendable {
    /// Takes events of one partition whose time has come, under a lease; those whose lease ran out are among them.
    func take(_ request: WebhookTake) async throws(StoreError) -> TakenWebhooks

    /// Writes what came of a delivery. False if somebody else has taken the event since: then nothing is written. Not given
    /// up when the caller is cancelled.
    func report(_ report: WebhookReport) async throws(StoreError) -> Bool

    /// Sleeps until a partition may have new events, or the time is up.
    func waitForEvents(_ partitions: [Int], atMost: Duration) async throws(StoreError)

    /// Events that are told to nobody any more, the latest first. There are at most 10,000 in a partition; then the earliest
    /// are forgotten.
    func dead(after: WebhookID?, limit: Int) async throws(StoreError) -> DeadWebhookList

    /// How many events there are, in all partitions.
    func counts() async throws(StoreError) -> WebhookCounts

    /// Tells a dead event again, with a fresh number of attempts. False if there is none of that name.
    func revive(_ id: WebhookID) async throws(StoreError) -> Bool

    /// Forgets a dead event. False if there is none of that name.
    func forget(_ id: WebhookID) async throws(StoreError) -> Bool
}

package struct WebhookTake: Sendable, Equatable {
    package var partition: Int
    package var limit: Int
    /// How many events of one host the whole fleet may have in its hands.
    package var hostLimit: Int
    package var lease: Duration

    package init(partition: Int, limit: Int, hostLimit: Int, lease: Duration) {
        self.partition = partition
        self.limit = limit
        self.hostLimit = hostLimit
        self.lease = lease
    }
}

package struct TakenWebhooks: Sendable, Equatable {
    package var claims: [WebhookClaim]
    /// When there may be more to take, by what is known now; nil: when a job ends.
    package var nextDueIn: Duration?

    package init(claims: [WebhookClaim] = [], nextDueIn: Duration? = nil) {
        self.claims = claims
        self.nextDueIn = nextDueIn
    }
}

package struct WebhookCounts: Sendable, Equatable {
    /// Those that are to be told or are being told. Where thousands of hosts wait, this many at least.
    package var pending: Int
    package var dead: Int

    package init(pending: Int = 0, dead: Int = 0) {
        self.pending = pending
        self.dead = dead
    }
}

/// How many dead events a partition keeps.
package let deadWebhooksLimit = 10_000
