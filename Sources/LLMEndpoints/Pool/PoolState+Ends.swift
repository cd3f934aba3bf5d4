package import JobFlow

// What a finished call changes.
extension PoolState {
    package mutating func ended(_ call: StartedCall, _ classified: Classified, at now: Timestamp) {
        let index = call.endpoint
        // A clock that was set back measures nothing.
        let time = max(.zero, now - call.start)
        let others = others(for: call)
        var isSlow = false
        switch classified.outcome {
        case .answered:
            let output = classified.usage?.completionTokens
            isSlow = EndpointSpeed.isSlow(time, output: output, besides: quickest(others, at: now))
            gates[index].answered(after: time, output: output, at: now)
        case .failed(let failure):
            if failure.isFree { budget.gaveBack(isRetry: call.isRetry, at: now) }
        }
        settle(call, classified, at: now)
        // Slow or failing now and then is better than nothing.
        let isLast = !others.contains { costsExtra[$0] == costsExtra[index] }
        gates[index].ended(
            EndedCall(
                signal: classified.signal, isProbe: call.isProbe, isSlow: isSlow, isLast: isLast, start: call.start),
            at: now)
    }

    /// The bucket gets back what was estimated too much. What may have been billed stays as it was estimated.
    private mutating func settle(_ call: StartedCall, _ classified: Classified, at now: Timestamp) {
        if let usage = classified.usage, let tokens = call.tokens { experience[call.endpoint].learn(tokens, usage) }
        guard let capacity = endpoints[call.endpoint].capacity else { return }
        var used = classified.billed == .no ? 0 : call.estimate
        if let usage = classified.usage {
            used = capacity.weighted(
                prompt: usage.promptTokens, cached: usage.cachedTokens, output: usage.completionTokens)
        }
        if classified.usage != nil { gates[call.endpoint].meter?.answered(used) }
        // Azure served it elsewhere.
        if classified.isSpillover { used = 0 }
        gates[call.endpoint].meter?.correct(by: used - call.estimate, at: now)
    }

    /// Endpoints that are well and could have taken this call, too.
    private func others(for call: StartedCall) -> [Int] {
        let own = endpoints[call.endpoint]
        return shape.active.filter {
            $0 != call.endpoint && gates[$0].isInUse && endpoints[$0].serves(call.model)
                && endpoints[$0].sharesModel(with: own)
        }
    }

    private func quickest(_ indices: [Int], at now: Timestamp) -> Double? {
        indices.compactMap { gates[$0].speed.pace(at: now) }.min()
    }
}

extension CallFailure {
    /// Nothing was done for it: it repeats nothing, and no repetition of it counts.
    fileprivate var isFree: Bool { !isCounted || isEndpointsFault }
}

// What is seen of calls that have not ended.
extension PoolState {
    /// Closes endpoints most of whose calls take far longer than they would elsewhere: their answers would tell it too late.
    /// Long answers take long everywhere, so it has to be so here only.
    package mutating func closeSlow(at now: Timestamp) {
        for index in shape.active where gates[index].isWell && gates[index].inflight >= Self.leastOverdue {
            let others = shape.active.filter {
                $0 != index && gates[$0].isInUse && endpoints[$0].sharesModel(with: endpoints[index])
                    && costsExtra[$0] == costsExtra[index] && gates[$0].speed.pace(at: now) != nil
            }
            guard let quickest = others.map({ gates[$0].speed.time }).min() else { continue }
            let limit = EndpointSpeed.slowTime(besides: quickest)
            let share = overdueShare(index, limit, at: now)
            guard share >= 0.5, others.allSatisfy({ overdueShare($0, limit, at: now) <= share / 2 }) else { continue }
            gates[index].breaker.foundSlow(at: now)
        }
    }

    private static let leastOverdue = 4

    private func overdueShare(_ index: Int, _ limit: Duration, at now: Timestamp) -> Double {
        let gate = gates[index]
        return gate.inflight == 0 ? 0 : Double(gate.ages.olderThan(limit, at: now)) / Double(gate.inflight)
    }
}

// What the claim loop asks.
extension PoolState {
    package func capacity(at now: Timestamp) -> PoolCapacity {
        let gates = shape.active.map { self.gates[$0] }
        let rooms = zip(shape.active, gates).map { (costsExtra: costsExtra[$0], calls: $1.room(at: now)) }
        let calls = Self.sum(rooms.filter { !$0.costsExtra }.map(\.calls))
        let spill = Self.sum(rooms.filter(\.costsExtra).map(\.calls))
        return PoolCapacity(
            calls: calls, spillCalls: spill,
            opensIn: calls > 0 ? nil : gates.compactMap { $0.opensAt(now) }.min().map { $0 - now },
            rate: rate, callTime: gates.map(\.speed.time).max() ?? .zero,
            isClosed: !gates.isEmpty && calls == 0 && spill == 0 && gates.allSatisfy { $0.isClosed(at: now) })
    }

    /// Nil if the capacity of one endpoint without extra cost is not known.
    private var rate: JobRate? {
        var rate = JobRate(now: 0, whole: 0)
        for index in shape.active where !costsExtra[index] {
            guard let meter = gates[index].meter else { return nil }
            rate.whole += meter.callsPerSecond
            if gates[index].isInUse { rate.now += meter.callsPerSecond }
        }
        return rate.whole > 0 ? rate : nil
    }

    private static func sum(_ rooms: [Int]) -> Int {
        rooms.reduce(0) { $0.addingReportingOverflow($1).overflow ? .max : $0 + $1 }
    }
}
