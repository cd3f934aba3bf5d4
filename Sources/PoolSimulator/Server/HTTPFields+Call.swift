import HTTPTypes

extension HTTPFields {
    /// What every answer to a call carries, whatever its status.
    init(of call: OpenCall, _ pool: SimulatedPool) {
        self.init()
        reserveCapacity(14)
        let identifiers = CallIdentifiers(seed: pool.seed, call: call.ticket.number)
        self[.apimRequestID] = identifiers.apimRequestID
        self[.requestID] = identifiers.requestID
        self[.region] = pool.endpoints[call.ticket.routed.served].region
        self[.deploymentName] = call.arrival.facts.deployment
        add(call.ticket.fate.room)
        add(call.ticket.routed, pool)
    }

    private mutating func add(_ room: RateRoom) {
        self[.limitRequests] = "\(room.limitRequests)"
        self[.limitTokens] = "\(room.limit)"
        self[.remainingRequests] = "\(room.remainingRequests)"
        self[.remainingTokens] = "\(room.remaining)"
        self[.resetRequests] = room.resetRequests.map { "\($0)" }
        self[.resetTokens] = room.resetTokens.map { "\($0)" }
    }

    /// In Azure both deployments are of one resource; here the names of the two endpoints stand for theirs.
    private mutating func add(_ routed: RoutedCall, _ pool: SimulatedPool) {
        switch routed.spillover {
        case .none: break
        case .served:
            self[.spilloverFrom] = pool.endpoints[routed.asked].name
            self[.deploymentName] = pool.endpoints[routed.served].name
        case .refused(let status): self[.spilloverError] = "\(status)"
        }
    }
}
