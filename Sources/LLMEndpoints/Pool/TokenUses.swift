import JobFlow

/// Tokens of finished calls since the last report, by endpoint, model and queue.
struct TokenUses: Sendable {
    struct Key: Hashable, Sendable {
        var endpoint: Int
        var model: String
        var queue: String
    }

    /// Models come from clients. What does not fit is summed up without a name.
    private static let mostKeys = 200

    private var sums: [Key: TokenUse] = [:]

    var isEmpty: Bool { sums.isEmpty }

    mutating func add(_ usage: TokenUsage, _ key: Key, estimated: Int) {
        var key = key
        if sums.count >= Self.mostKeys, sums[key] == nil { key.model = "other" }
        let none = TokenUse(
            endpoint: "", model: key.model, queue: key.queue, calls: 0, estimated: 0, prompt: 0, completion: 0,
            cached: 0)
        sums[key, default: none].add(usage, estimated: estimated)
    }

    mutating func take(named endpoints: [EndpointConfiguration]) -> [TokenUse] {
        defer { sums = [:] }
        return sums.map { key, sum in
            var sum = sum
            sum.endpoint = endpoints[key.endpoint].name
            return sum
        }
    }
}

extension TokenUse {
    fileprivate mutating func add(_ usage: TokenUsage, estimated: Int) {
        calls += 1
        self.estimated += estimated
        prompt += usage.promptTokens
        completion += usage.completionTokens
        cached += usage.cachedTokens
    }
}
