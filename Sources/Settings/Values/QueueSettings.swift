/// One queue. Nil means: as set for all queues.
package struct QueueSettings: Sendable, Equatable {
    package var name: String
    /// Its share of the claims while several queues have work.
    package var weight: Int
    package var maxAttempts: Int?
    /// From submission.
    package var deadline: Duration?
    package var resultTTL: Duration?
    /// More waiting jobs than this are refused.
    package var maxLength: Int?
    package var spill = Spill.deadline
    /// The region whose endpoints are asked first.
    package var region: String?
    /// An answer that is not fresh any more may serve its jobs while no endpoint can be called.
    package var stale = false

    /// When its jobs may go to an endpoint that is paid by the token, although one that is paid by the hour serves the model.
    package enum Spill: String, Sendable, CaseIterable { case never, deadline, immediate }

    package init(name: String, weight: Int = 1, spill: Spill = .deadline) {
        self.name = name
        self.weight = weight
        self.spill = spill
    }

    /// What there is when worker.json names no queues.
    package static let defaultSet = [
        QueueSettings(name: "interactive", weight: 8, spill: .immediate),
        QueueSettings(name: "default", weight: 4),
        QueueSettings(name: "batch", weight: 1),
    ]

    static let keys: [KeySpec<Self>] = [
        KeySpec("weight", .integer(1...1000), \.weight),
        KeySpec("max_attempts", .integer(1...100), \.maxAttempts),
        KeySpec("deadline", .duration(.seconds(1) ... .days(365)), \.deadline),
        KeySpec("result_ttl", .duration(.seconds(1) ... .days(365)), \.resultTTL),
        KeySpec("max_length", .integer(1...1_000_000_000), \.maxLength),
        KeySpec("spill", .choice(of: Spill.self), \.spill),
        KeySpec("region", .text, \.region),
        KeySpec("stale", .boolean, \.stale),
    ]
}
