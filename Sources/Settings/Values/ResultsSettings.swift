/// How long an ended job can be read back.
package struct ResultsSettings: Sendable, Equatable {
    package var ttl: Duration = .seconds(86_400)

    /// The log of a streamed job, after its last entry; never longer than the job.
    package var streamTTL: Duration = .seconds(3600)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("ttl", .duration(.seconds(1) ... .days(365)), \.ttl),
        KeySpec("stream_ttl", .duration(.seconds(1) ... .days(365)), \.streamTTL),
    ]
}
