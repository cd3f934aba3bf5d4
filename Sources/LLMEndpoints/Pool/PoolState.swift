package import JobFlow

/// Which endpoint takes the next call, and what the fleet is told. A value: the clock and chance come in.
package struct PoolState: Sendable {
    package enum Choice: Sendable, Equatable {
        case call(StartedCall)
        case unavailable(retryAfter: Duration)
        case exhausted
        case unserved
        /// No endpoint that could be called answers before the deadline.
        case tooLate
    }

    /// When nothing says when an endpoint opens (it is at its limit, or being probed), look again so soon; never sooner.
    static let lookAgain = Duration.milliseconds(100)
    /// Only a throttle lasts as long as it says. Any other gate may open before its time, as soon as some process finds the
    /// endpoint well: nobody waits longer, and nobody gives up.
    static let longestWait = Duration.seconds(10)
    /// While the retry budget is used up.
    static let budgetPause = Duration.seconds(1)

    package var endpoints: [EndpointConfiguration]
    var shape: PoolShape
    var gates: [EndpointGate]
    var experience: [TokenExperience]
    var budget: RetryBudget

    package init(_ configuration: PoolConfiguration) {
        endpoints = configuration.endpoints
        shape = PoolShape(endpoints)
        gates = endpoints.map { EndpointGate($0, configuration) }
        experience = endpoints.map { _ in TokenExperience() }
        budget = RetryBudget(configuration.retryBudget)
    }

    package var costsExtra: [Bool] { shape.costsExtra }

    package func needsTokens(ofBytes bytes: Int) -> Bool { shape.needsTokens(ofBytes: bytes) }

    package mutating func choose(_ needs: CallNeeds, at now: Timestamp, random: inout some RandomNumberGenerator)
        -> Choice
    {
        let serving = shape.active.filter { endpoints[$0].serves(needs.model) }
        guard !serving.isEmpty else { return .unserved }
        let fitting = longEnough(serving, needs)
        let untried = fitting.filter { !needs.tried.contains(endpoints[$0].name) }
        let allowed = affordable(untried, among: fitting, needs, at: now)
        guard !allowed.isEmpty else { return .exhausted }
        if needs.isRetry, !budget.allows(at: now) { return .unavailable(retryAfter: Self.budgetPause) }
        let open = allowed.filter { gates[$0].room(at: now) > 0 }
        guard !open.isEmpty else { return .unavailable(retryAfter: wait(allowed, now)) }
        let quickEnough = open.filter { gates[$0].canAnswer(by: needs.deadline, from: now) }
        guard let rank = quickEnough.map(rank).min(by: <) else { return wait(allowed, orTooLateFor: needs, now) }
        let tier = quickEnough.filter { self.rank($0) == rank }
        let near = tier.filter { endpoints[$0].region == needs.region }
        return .call(begin(leastLoaded(near.isEmpty ? tier : near, random: &random), needs, at: now))
    }

    /// Within one priority, what costs extra comes last.
    private func rank(_ index: Int) -> (Int, Int) { (endpoints[index].priority, costsExtra[index] ? 1 : 0) }

    private mutating func begin(_ index: Int, _ needs: CallNeeds, at now: Timestamp) -> StartedCall {
        let estimate = estimate(needs.tokens, index)
        budget.called(isRetry: needs.isRetry, at: now)
        return StartedCall(
            endpoint: index, isProbe: gates[index].began(estimate, at: now), estimate: estimate,
            expected: needs.tokens.map(experience[index].all) ?? 0, start: now, model: needs.model,
            isRetry: needs.isRetry, tokens: needs.tokens)
    }

    private func estimate(_ tokens: CallTokens?, _ index: Int) -> Double {
        guard let tokens, let capacity = endpoints[index].capacity else { return 0 }
        let known = experience[index]
        return capacity.weighted(prompt: known.prompt(tokens), output: known.output(tokens))
    }

    /// Endpoints that take so long a prompt. An estimate alone turns no job away: where it fits nowhere, those are asked that
    /// take the longest.
    private func longEnough(_ serving: [Int], _ needs: CallNeeds) -> [Int] {
        let bound = serving.filter { needs.tooLongFor.contains(endpoints[$0].name) }
            .map { endpoints[$0].maxPromptTokens ?? 0 }.max()
        let larger = serving.filter { index in
            guard let bound, !needs.tooLongFor.isEmpty else { return true }
            return !needs.tooLongFor.contains(endpoints[index].name)
                && (endpoints[index].maxPromptTokens ?? .max) > bound
        }
        guard let tokens = needs.tokens else { return larger }
        let fitting = larger.filter { experience[$0].prompt(tokens) <= endpoints[$0].maxPromptTokens ?? .max }
        guard fitting.isEmpty else { return fitting }
        let most = larger.map { endpoints[$0].maxPromptTokens ?? .max }.max()
        return larger.filter { (endpoints[$0].maxPromptTokens ?? .max) == most }
    }

    /// Without those that cost extra, unless nothing else serves the prompt, or it may cost extra now.
    private func affordable(_ untried: [Int], among fitting: [Int], _ needs: CallNeeds, at now: Timestamp) -> [Int] {
        let prepaid = fitting.filter { !costsExtra[$0] }
        guard !prepaid.isEmpty, needs.spill != .immediate else { return untried }
        let cheap = untried.filter { !costsExtra[$0] }
        guard needs.spill == .atDeadline, let deadline = needs.deadline else { return cheap }
        return isTooLate(deadline, for: prepaid, at: now) ? untried : cheap
    }

    /// Whether these endpoints would miss the deadline, as far as can be known: when they open, and how long a call takes.
    private func isTooLate(_ deadline: Timestamp, for indices: [Int], at now: Timestamp) -> Bool {
        // Of one that is drained nobody knows when it opens.
        let ready = indices.filter { !gates[$0].isDrained }.map { index in
            let gate = gates[index]
            let opens = gate.room(at: now) > 0 ? now : gate.opensAt(now) ?? now + Self.lookAgain
            return opens + gate.speed.time * 2
        }
        return (ready.min() ?? deadline) + .seconds(1) >= deadline
    }

    /// None that is open is quick enough; one that opens soon may be.
    private func wait(_ indices: [Int], orTooLateFor needs: CallNeeds, _ now: Timestamp) -> Choice {
        let later = indices.filter { index in
            let opens = gates[index].opensAt(now) ?? now + Self.lookAgain
            return gates[index].room(at: now) == 0 && gates[index].canAnswer(by: needs.deadline, from: opens)
        }
        return later.isEmpty ? .tooLate : .unavailable(retryAfter: wait(later, now))
    }

    private func wait(_ indices: [Int], _ now: Timestamp) -> Duration {
        let waits = indices.map { index in
            let opens = (gates[index].opensAt(now) ?? now) - now
            return max(Self.lookAgain, gates[index].throttledUntil - now, min(opens, Self.longestWait))
        }
        return waits.min() ?? Self.lookAgain
    }

    /// Fewest calls per weight; among equals, chance by weight.
    private func leastLoaded(_ indices: [Int], random: inout some RandomNumberGenerator) -> Int {
        var (least, weights) = (Double.infinity, 0)
        for index in indices {
            let load = load(index)
            if load < least { (least, weights) = (load, 0) }
            if load == least { weights += endpoints[index].weight }
        }
        var ticket = Int.random(in: 0..<weights, using: &random)
        for index in indices where load(index) == least {
            ticket -= endpoints[index].weight
            if ticket < 0 { return index }
        }
        return indices[0]
    }

    private func load(_ index: Int) -> Double { Double(gates[index].inflight) / Double(endpoints[index].weight) }
}
