/// What follows from the endpoints that a pool has, whatever happens to them. Endpoints keep their index for as long as the
/// process lives, because calls under way go by it: one that worker.json names no more is retired.
struct PoolShape: Sendable, Equatable {
    /// Indices of those that take calls.
    let active: [Int]
    /// Endpoints that cost extra for whatever they serve, because another is paid for already.
    let costsExtra: [Bool]
    /// Some endpoint's bucket takes the tokens of a call.
    private let metersTokens: Bool
    /// Of all endpoints' bounds for a prompt, in tokens.
    private let shortestLimit: Int

    init(_ endpoints: [EndpointConfiguration], retired: Set<Int> = []) {
        let active = endpoints.indices.filter { !retired.contains($0) }
        self.active = active
        costsExtra = endpoints.map { endpoint in
            !endpoint.tier.isPrepaid
                && active.map { endpoints[$0] }.contains {
                    $0.tier.isPrepaid && ($0.model == nil || endpoint.model != nil && $0.sharesModel(with: endpoint))
                }
        }
        metersTokens = active.contains { endpoints[$0].capacity != nil }
        shortestLimit = active.compactMap { endpoints[$0].maxPromptTokens }.min() ?? .max
    }

    /// What a decision needs to know of the tokens of a call; nil when none does, so that most bodies are not looked at: a
    /// prompt has no more tokens than bytes.
    func tokens(of body: [UInt8]) -> CallTokens? {
        needsTokens(ofBytes: body.count) ? CallTokens(body: body) : nil
    }

    func needsTokens(ofBytes bytes: Int) -> Bool { metersTokens || bytes > shortestLimit }
}
