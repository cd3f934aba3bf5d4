package import JobFlow

/// An outbox with the queue that fills it.
package struct OutboxUnderTest: Sendable {
    package let queue: StoreUnderTest
    package let outbox: any WebhookOutbox

    package init(_ queue: StoreUnderTest, outbox: any WebhookOutbox) {
        self.queue = queue
        self.outbox = outbox
    }

    package static let lease = Duration.seconds(60)

    func spec(_ number: Int, url: String = "https://one.example/hook") throws -> JobSpec {
        var spec = Samples.spec(number)
        spec.webhook = try promised(WebhookURL(url), "a URL")
        return spec
    }

    /// A job with a webhook that has completed.
    @discardableResult
    package func ended(_ number: Int, url: String = "https://one.example/hook") async throws -> JobSpec {
        let spec = try spec(number, url: url)
        try promise(try await queue.store.submit(spec), is: .accepted)
        try await queue.settle(try await queue.claimOne(), .answer("\(number)"))
        return spec
    }

    /// A job of nobody who wants to be told.
    package func endedSilently(_ number: Int) async throws {
        try await queue.settle(try await queue.held(number), .answer("\(number)"))
    }

    package func take(_ limit: Int = 100, ofHost: Int = 100, lease: Duration = lease) async throws -> TakenWebhooks {
        try await outbox.take(WebhookTake(partition: 0, limit: limit, hostLimit: ofHost, lease: lease))
    }

    package func takeOne(
        lease: Duration = lease, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> WebhookClaim {
        let claims = try await take(lease: lease).claims
        try promise(claims.count == 1, "one event was promised, \(claims.count) came", file: file, line: line)
        return claims[0]
    }

    /// Takes one event as soon as there is one.
    package func nextClaim() async throws -> WebhookClaim {
        var claims: [WebhookClaim] = []
        try await eventually {
            claims = try await take().claims
            if claims.isEmpty { try await queue.advance(.milliseconds(20)) }
            return !claims.isEmpty
        }
        return claims[0]
    }

    @discardableResult
    package func report(_ claim: WebhookClaim, _ verdict: WebhookVerdict, status: Int? = nil, error: String? = nil)
        async throws -> Bool
    {
        try await outbox.report(WebhookReport(claim, verdict, delivery(claim, status, error)))
    }

    package func delivery(_ claim: WebhookClaim, _ status: Int?, _ error: String?) -> WebhookDelivery? {
        guard status != nil || error != nil else { return nil }
        return WebhookDelivery(
            number: claim.attempt, startedAt: Samples.start, duration: .milliseconds(12), statusCode: status,
            error: error)
    }

    func webhook(_ id: JobID) async throws -> WebhookStatus {
        try promised(try await queue.record(id).webhook, "a webhook of \(id)")
    }
}
