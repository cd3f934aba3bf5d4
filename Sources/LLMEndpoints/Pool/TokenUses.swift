import JobFlow

/// Tokens of finished calls, by endpoint, model and queue: those of the last report, until it has arrived, and those since.
struct TokenUses: Sendable {
    struct Key: Hashable, Sendable {
        var endpoint: Int
        var model: String
        var queue: String
    }

    /// Models come from clients. What does not fit is summed up without a name.
    private static let mostKeys = 200

    private var sums: [Key: TokenUse] = [:]
    /// Told, but perhaps in vain: told again as it is, under the same number, until a reply says that it has arrived. The
    /// board counts a number once, so that nothing is lost while it is away, and nothing is counted twice when only a reply
    /// was lost. One list at a time is on its way, and what comes together meanwhile is bounded, too.
    private var told: [TokenUse] = []
    private var number = 0

    var isEmpty: Bool { sums.isEmpty && told.isEmpty }

    mutating func add(_ usage: TokenUsage, _ key: Key, estimated: Int) {
        var key = key
        if sums.count >= Self.mostKeys, sums[key] == nil { key.model = "other" }
        sums[key, default: TokenUse(endpoint: "", model: key.model, queue: key.queue)].add(usage, estimated: estimated)
    }

    /// What goes into the next report.
    mutating func report(named endpoints: [EndpointConfiguration]) -> (number: Int, uses: [TokenUse]) {
        if told.isEmpty, !sums.isEmpty {
            told = sums.map { key, sum in
                var sum = sum
                sum.endpoint = endpoints[key.endpoint].name
                return sum
            }
            sums = [:]
            number += 1
        }
        return (number, told)
    }

    mutating func reportArrived() { told = [] }
}

extension TokenUse {
    fileprivate mutating func add(_ usage: TokenUsage, estimated: Int) {
        add(
            TokenUse(
                endpoint: endpoint, model: model, queue: queue, calls: 1, estimated: estimated,
                prompt: usage.promptTokens, completion: usage.completionTokens, cached: usage.cachedTokens))
    }
}
