extension PoolState {
    /// Takes another configuration over: endpoints are known by their name, and keep what was found out about them. Calls under
    /// way are not touched; an endpoint that is not named any more takes no others.
    package mutating func reconfigure(_ configuration: PoolConfiguration) {
        var retired = Set(endpoints.indices)
        for endpoint in configuration.endpoints {
            if let index = endpoints.firstIndex(where: { $0.name == endpoint.name }) {
                replace(index, by: endpoint, configuration)
                retired.remove(index)
            } else {
                add(endpoint, configuration)
            }
        }
        shape = PoolShape(endpoints, retired: retired)
        if budget.policy != configuration.retryBudget { budget = RetryBudget(configuration.retryBudget) }
    }

    private mutating func replace(
        _ index: Int, by endpoint: EndpointConfiguration, _ configuration: PoolConfiguration
    ) {
        if endpoints[index].capacity != endpoint.capacity {
            gates[index].meter = endpoint.capacity.map(TokenMeter.init)
        }
        endpoints[index] = endpoint
        gates[index].maxInflight = endpoint.maxInflight
        gates[index].misconfiguredRest = configuration.misconfiguredRest
        gates[index].breaker.policy = configuration.breaker
    }

    private mutating func add(_ endpoint: EndpointConfiguration, _ configuration: PoolConfiguration) {
        endpoints.append(endpoint)
        gates.append(EndpointGate(endpoint, configuration))
        experience.append(TokenExperience())
    }
}

extension EndpointGate {
    init(_ endpoint: EndpointConfiguration, _ configuration: PoolConfiguration) {
        self.init(
            policy: configuration.breaker, maxInflight: endpoint.maxInflight,
            misconfiguredRest: configuration.misconfiguredRest, capacity: endpoint.capacity)
    }
}
