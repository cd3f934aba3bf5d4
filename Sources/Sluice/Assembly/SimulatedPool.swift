import PoolSimulator
import Settings

extension SimulatorConfiguration {
    /// The endpoints of worker.json, as a pool that behaves like a real one on an ordinary day: some latency, now and then
    /// a full endpoint or a server error.
    init(_ settings: Settings, host: String, port: Int) {
        let ordinary = EndpointBehaviour(
            latencyMs: 60, msPerToken: 1, jitter: 0.3, errorRate: 0.04, throttleRate: 0.04, retryAfterMs: 200)
        self.init(
            host: host, port: port,
            endpoints: settings.pool.endpoints.map { endpoint in
                var behaviour = ordinary
                behaviour.tier = endpoint.tier == .ptu ? .ptu : .standard
                let served = [endpoint.deployment, endpoint.model].compactMap(\.self)
                return SimulatedEndpoint(
                    name: endpoint.name, region: endpoint.region.isEmpty ? "local" : endpoint.region,
                    deployments: served.isEmpty ? SimulatedEndpoint.usualDeployments : Array(Set(served)),
                    behaviour: behaviour)
            })
    }
}
