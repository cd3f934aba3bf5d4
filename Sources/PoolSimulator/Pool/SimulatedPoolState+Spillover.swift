extension SimulatedPoolState {
    enum Spill {
        case taken(by: Int, CallFate)
        /// 503 stands for an endpoint that would not have answered at all.
        case refused(status: Int)
    }

    /// Azure's spillover: what a provisioned endpoint must turn away goes to another endpoint, once. `nil` when there is
    /// nothing to hand on or nowhere to hand it.
    mutating func spill(_ call: CallFacts, _ fate: CallFate, from asked: Int, now: Int64) -> Spill? {
        guard fate.rule.tier == .ptu, fate.decision.isSpilled else { return nil }
        let wanted = states[asked].behaviour.spillover ?? call.spillover
        guard let target = wanted.flatMap(position), target != asked else { return nil }
        if let deployment = call.deployment, !endpoints[target].deployments.contains(deployment) {
            return .refused(status: 404)
        }
        let spilled = states[target].decide(call, now: now)
        guard !spilled.decision.isAdmitted else { return .taken(by: target, spilled) }
        return .refused(status: spilled.decision.outcome?.status ?? 503)
    }
}
