import JobFlow

/// Which endpoint takes the next call. A value: the clock and chance come in.
struct PoolState: Sendable {
    enum Choice: Sendable, Equatable {
        /// Index of the endpoint; the call counts as begun.
        case endpoint(Int)
        case unavailable(retryAfter: Duration)
        case exhausted
        case unserved
        /// No endpoint that could be called answers before the deadline.
        case tooLate
    }

    /// When nothing says when an endpoint opens (it is at its limit, or being probed), look again so soon.
    static let lookAgain = Duration.milliseconds(100)

    let endpoints: [EndpointConfiguration]
    private(set) var gates: [EndpointGate]

    init(_ configuration: PoolConfiguration) {
        endpoints = configuration.endpoints
        gates = configuration.endpoints.map {
            EndpointGate(
                policy: configuration.breaker, maxInflight: $0.maxInflight,
                misconfiguredRest: configuration.misconfiguredRest)
        }
    }

    mutating func choose(
        model: String?, avoiding tried: Set<String>, by deadline: Timestamp? = nil, at now: Timestamp,
        random: inout some RandomNumberGenerator
    ) -> Choice {
        let serving = endpoints.indices.filter { serves($0, model) }
        guard !serving.isEmpty else { return .unserved }
        let untried = serving.filter { !tried.contains(endpoints[$0].name) }
        guard !untried.isEmpty else { return .exhausted }
        let open = untried.filter { gates[$0].room(at: now) > 0 }
        guard !open.isEmpty else { return .unavailable(retryAfter: wait(untried, now)) }
        let quickEnough = open.filter { gates[$0].canAnswer(by: deadline, from: now) }
        guard let priority = quickEnough.map({ endpoints[$0].priority }).min() else { return .tooLate }
        let index = leastLoaded(quickEnough.filter { endpoints[$0].priority == priority }, random: &random)
        gates[index].began(at: now)
        return .endpoint(index)
    }

    mutating func ended(_ index: Int, _ signal: EndpointSignal, at now: Timestamp) {
        gates[index].ended(signal, at: now)
    }

    mutating func answered(_ index: Int, after time: Duration, at now: Timestamp) {
        gates[index].answered(after: time, at: now)
    }

    func capacity(at now: Timestamp) -> PoolCapacity {
        let rooms = gates.map { $0.room(at: now) }
        let calls = rooms.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
        guard calls == 0 else { return PoolCapacity(calls: calls) }
        return PoolCapacity(calls: 0, opensIn: gates.compactMap { $0.opensAt(now) }.min().map { $0 - now })
    }

    private func serves(_ index: Int, _ model: String?) -> Bool {
        guard let model, let served = endpoints[index].model else { return true }
        return model == served || model == endpoints[index].deployment
    }

    private func wait(_ indices: [Int], _ now: Timestamp) -> Duration {
        indices.map { index in gates[index].opensAt(now).map { $0 - now } ?? Self.lookAgain }.min() ?? Self.lookAgain
    }

    /// Fewest calls per weight; among equals, chance by weight.
    private func leastLoaded(_ indices: [Int], random: inout some RandomNumberGenerator) -> Int {
        let loads = indices.map { (index: $0, load: Double(gates[$0].inflight) / Double(endpoints[$0].weight)) }
        let least = loads.map(\.load).min() ?? 0
        let equals = loads.filter { $0.load == least }.map(\.index)
        var ticket = Int.random(in: 0..<equals.reduce(0) { $0 + endpoints[$1].weight }, using: &random)
        for index in equals {
            ticket -= endpoints[index].weight
            if ticket < 0 { return index }
        }
        return equals[0]
    }
}
