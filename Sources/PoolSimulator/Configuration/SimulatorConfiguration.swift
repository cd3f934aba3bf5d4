/// Where the simulator listens and which endpoints it plays.
package struct SimulatorConfiguration: Sendable, Equatable {
    package var host: String
    /// 0 picks a free port; `run(onListening:)` tells which.
    package var port: Int
    package var endpoints: [SimulatedEndpoint]
    /// The same seed and the same order of calls give the same faults, delays and answers.
    package var seed: UInt64
    package var timeline: Timeline

    package init(
        host: String = "127.0.0.1", port: Int = 0, endpoints: [SimulatedEndpoint], seed: UInt64 = 1,
        timeline: Timeline = .empty
    ) {
        self.host = host
        self.port = port
        self.endpoints = endpoints
        self.seed = seed
        self.timeline = timeline
    }

    /// The pool that the worker.json at the project's root names: two regions, two reserved endpoints and a
    /// pay-as-you-go one that is slower.
    package static let demo = SimulatorConfiguration(
        port: 8090,
        endpoints: [
            SimulatedEndpoint(
                name: "eastus-ptu", region: "eastus",
                behaviour: EndpointBehaviour(latencyMs: 200, msPerToken: 4, jitter: 0.2)),
            SimulatedEndpoint(
                name: "westeurope-ptu", region: "westeurope",
                behaviour: EndpointBehaviour(latencyMs: 250, msPerToken: 4, jitter: 0.2)),
            SimulatedEndpoint(
                name: "eastus-standard", region: "eastus",
                behaviour: EndpointBehaviour(latencyMs: 400, msPerToken: 8, jitter: 0.4)),
        ])

    /// Refuses what could not be served: no endpoint, an unusable or repeated name, an unusable deployment, a change of
    /// the timeline that would fail.
    package func validate() throws(SimulatorProblem) {
        guard !endpoints.isEmpty else { throw SimulatorProblem(path: "endpoints", reason: "at least one is needed") }
        var seen: Set<String> = []
        for (index, endpoint) in endpoints.enumerated() {
            let path = "endpoints[\(index)]"
            guard SimulatedEndpoint.isUsableName(endpoint.name), endpoint.name != "_sim" else {
                throw SimulatorProblem(path: "\(path).name", reason: "1 to 64 of A-Z a-z 0-9 . _ - are allowed")
            }
            guard seen.insert(endpoint.name).inserted else {
                throw SimulatorProblem(path: "\(path).name", reason: "another endpoint has this name already")
            }
            guard !endpoint.region.isEmpty, SimulatedEndpoint.isUsableName(endpoint.region) else {
                throw SimulatorProblem(path: "\(path).region", reason: "1 to 64 of A-Z a-z 0-9 . _ - are allowed")
            }
            guard !endpoint.deployments.isEmpty, endpoint.deployments.allSatisfy(SimulatedEndpoint.isUsableName) else {
                throw SimulatorProblem(
                    path: "\(path).deployments", reason: "a list of names of A-Z a-z 0-9 . _ - is needed")
            }
            try endpoint.behaviour.checkSpillover(from: endpoint.name, among: endpoints, path: path)
        }
        for (index, change) in timeline.changes.enumerated() {
            try change.check(endpoints, path: "timeline[\(index)]")
        }
    }
}
