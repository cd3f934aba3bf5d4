/// One field of a behaviour as JSON knows it: its name, what it may be, and how it is read and written.
struct BehaviourField: Sendable {
    let name: String
    /// Ends the sentence "… is allowed".
    let allowed: String
    let read: @Sendable (EndpointBehaviour) -> AdminValue
    /// False when the value is not allowed.
    let write: @Sendable (inout EndpointBehaviour, AdminValue) -> Bool

    static let all: [BehaviourField] = [
        .number("latency_ms", \.latencyMs, 0...600_000),
        .number("ms_per_token", \.msPerToken, 0...10_000),
        .number("jitter", \.jitter, 0...1),
        .number("error_rate", \.errorRate, 0...1),
        .integer("error_status", \.errorStatus, 400...599),
        .number("throttle_rate", \.throttleRate, 0...1),
        .integer("retry_after_ms", \.retryAfterMs, 0...86_400_000),
        .optional("tokens_per_minute", \.tokensPerMinute, 1...1_000_000_000),
        .number("hang_rate", \.hangRate, 0...1),
        .number("reset_rate", \.resetRate, 0...1),
        .number("garbage_rate", \.garbageRate, 0...1),
        .number("truncate_rate", \.truncateRate, 0...1),
        .flag("blackout", \.blackout),
        .statuses("fail_next", \.failNext),
        .optional("answer_bytes", \.answerBytes, 0...16_777_216),
    ]

    static func named(_ name: String) -> BehaviourField? { all.first { $0.name == name } }
}

extension BehaviourField {
    private typealias Field<Value> = any WritableKeyPath<EndpointBehaviour, Value> & Sendable

    private static func number(_ name: String, _ field: Field<Double>, _ range: ClosedRange<Double>) -> Self {
        BehaviourField(
            name: name, allowed: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { .number($0[keyPath: field]) },
            write: { behaviour, value in
                guard case .number(let number) = value, range.contains(number) else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    private static func integer(_ name: String, _ field: Field<Int>, _ range: ClosedRange<Int>) -> Self {
        BehaviourField(
            name: name, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { .number($0[keyPath: field]) },
            write: { behaviour, value in
                guard let number = value.integer(in: range) else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    private static func optional(_ name: String, _ field: Field<Int?>, _ range: ClosedRange<Int>) -> Self {
        BehaviourField(
            name: name, allowed: "null or a whole number from \(range.lowerBound) to \(range.upperBound)",
            read: { $0[keyPath: field].map { .number($0) } ?? .null },
            write: { behaviour, value in
                let number = value.integer(in: range)
                guard number != nil || value == .null else { return false }
                behaviour[keyPath: field] = number
                return true
            })
    }

    private static func flag(_ name: String, _ field: Field<Bool>) -> Self {
        BehaviourField(
            name: name, allowed: "true or false",
            read: { .bool($0[keyPath: field]) },
            write: { behaviour, value in
                guard case .bool(let flag) = value else { return false }
                behaviour[keyPath: field] = flag
                return true
            })
    }

    private static func statuses(_ name: String, _ field: Field<[Int]>) -> Self {
        BehaviourField(
            name: name, allowed: "a list of at most 10000 statuses, each 200 or from 400 to 599,",
            read: { .array($0[keyPath: field].map { .number($0) }) },
            write: { behaviour, value in
                guard case .array(let list) = value, list.count <= 10_000 else { return false }
                let statuses = list.compactMap { $0.integer(in: 200...200) ?? $0.integer(in: 400...599) }
                guard statuses.count == list.count else { return false }
                behaviour[keyPath: field] = statuses
                return true
            })
    }
}
