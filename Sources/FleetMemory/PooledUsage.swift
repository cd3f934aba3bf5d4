import JobFlow

/// Tokens by clock hour, endpoint, model and queue.
struct PooledUsage: Sendable {
    private struct Names: Hashable, Sendable {
        var endpoint: String
        var model: String
        var queue: String

        var none: TokenUse { TokenUse(endpoint: endpoint, model: model, queue: queue) }
    }

    private var hours: [Int64: [Names: TokenUse]] = [:]

    private static let combinations = 400
    private static let other = Names(endpoint: "other", model: "other", queue: "other")

    mutating func add(_ use: TokenUse, at now: Timestamp) {
        let use = use.underKeptNames
        var names = Names(endpoint: use.endpoint, model: use.model, queue: use.queue)
        var uses = hours[Self.hour(now)] ?? [:]
        if uses[names] == nil, uses.count >= Self.combinations - 1 { names = Self.other }
        uses[names, default: names.none].add(use)
        hours[Self.hour(now)] = uses
    }

    func sum(_ count: Int, at now: Timestamp) -> [TokenUse] {
        var sum: [Names: TokenUse] = [:]
        for back in 0..<Int64(min(max(0, count), 48)) {
            for (names, use) in hours[Self.hour(now) - back] ?? [:] { sum[names, default: names.none].add(use) }
        }
        return sum.values.sorted { ($0.endpoint, $0.model, $0.queue) < ($1.endpoint, $1.model, $1.queue) }
    }

    private static func hour(_ now: Timestamp) -> Int64 { now.milliseconds / 3_600_000 }
}
