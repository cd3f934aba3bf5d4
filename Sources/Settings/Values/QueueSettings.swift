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

    package init(name: String, weight: Int = 1) {
        self.name = name
        self.weight = weight
    }

    /// What there is when worker.json names no queues.
    package static let defaultSet = [
        QueueSettings(name: "interactive", weight: 8),
        QueueSettings(name: "default", weight: 4),
        QueueSettings(name: "batch", weight: 1),
    ]

    static let keys: [KeySpec<Self>] = [
        KeySpec("weight", .integer(1...1000), \.weight),
        KeySpec("max_attempts", .integer(1...100), \.maxAttempts),
        KeySpec("deadline", .duration(.seconds(1) ... .days(365)), \.deadline),
        KeySpec("result_ttl", .duration(.seconds(1) ... .days(365)), \.resultTTL),
        KeySpec("max_length", .integer(1...1_000_000_000), \.maxLength),
    ]
}
