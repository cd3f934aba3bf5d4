package import JobFlow

/// How the ends of jobs are told to the URLs that their clients named.
package struct WebhookSettings: Sendable, Equatable {
    /// What webhooks are signed with, all of them at once. While there are none, `webhook_url` is refused.
    package var secrets = SecretList()
    /// Where the ends of background responses are told, which have no URL of their own.
    package var url: String?
    package var maxAttempts = 7
    /// Between deliveries; the last is repeated.
    package var delays = WordList(["5s", "5m", "30m", "2h", "5h", "10h"])
    /// Of one delivery.
    package var timeout: Duration = .seconds(15)
    /// Deliveries of one worker process at once.
    package var concurrency = 256
    /// Deliveries to one host at once, of the whole fleet.
    package var hostConcurrency = 16
    /// A longer answer is left out of the webhook; the receiver reads it with `GET /v1/jobs/{id}`.
    package var maxAnswerBytes = 65_536
    /// Addresses that may be called though they are not public.
    package var allowAddresses = WordList([])

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("secrets", .words(.webhookSecret), \.secrets),
        KeySpec("url", .httpURL, \.url),
        KeySpec("max_attempts", .integer(1...20), \.maxAttempts),
        KeySpec("delays", .words(.duration(.milliseconds(1) ... .days(7))), \.delays),
        KeySpec("timeout", .duration(.milliseconds(100) ... .seconds(60)), \.timeout),
        KeySpec("concurrency", .integer(1...10_000), \.concurrency),
        KeySpec("host_concurrency", .integer(1...10_000), \.hostConcurrency),
        KeySpec("max_answer_bytes", .integer(0...4_194_304), \.maxAnswerBytes),
        KeySpec("allow_addresses", .words(.network), \.allowAddresses),
    ]

    package var schedule: [Duration] { delays.words.compactMap(DurationText.parse) }
    package var allowedRanges: [NetworkRange] { allowAddresses.words.compactMap { NetworkRange($0) } }
}
