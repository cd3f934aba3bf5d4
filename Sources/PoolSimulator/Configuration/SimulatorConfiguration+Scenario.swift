extension SimulatorConfiguration {
    /// Reads a scenario file:
    /// `{"seed":1,"endpoints":[{"name":"a","region":"eastus","deployments":["gpt-4o"],"api_key":null,"latency_ms":200}]}`.
    /// Beside the four names of an endpoint every behaviour field may stand in it, and beside the endpoints a
    /// `timeline`. An unknown member is an error.
    package init(scenario: [UInt8]) throws(SimulatorProblem) {
        let members = try AdminValue.object(from: scenario)
        try Self.refuseUnknown(members, known: ["seed", "endpoints", "timeline"], at: "")
        guard case .array(let list) = members["endpoints"] ?? .null else {
            throw SimulatorProblem(path: "endpoints", reason: "a list of endpoints is needed")
        }
        var endpoints: [SimulatedEndpoint] = []
        for (index, value) in list.enumerated() {
            endpoints.append(try SimulatedEndpoint(value, path: "endpoints[\(index)]"))
        }
        self.init(endpoints: endpoints, seed: try Self.seed(members["seed"]))
        try validate()
        timeline = try Timeline(members["timeline"], for: endpoints)
    }

    private static func seed(_ value: AdminValue?) throws(SimulatorProblem) -> UInt64 {
        guard let value else { return 1 }
        // JSON numbers are exact up to 2^53 only.
        guard let seed = value.integer(in: 0...(1 << 53)) else {
            throw SimulatorProblem(path: "seed", reason: "a whole number from 0 to 2^53 is allowed")
        }
        return UInt64(seed)
    }

    static func refuseUnknown(
        _ members: [String: AdminValue], known: [String], at path: String
    ) throws(SimulatorProblem) {
        for name in members.keys.sorted() where !known.contains(name) {
            throw SimulatorProblem(
                path: path.isEmpty ? name : "\(path).\(name)",
                reason: "unknown; allowed are \(known.joined(separator: ", "))")
        }
    }
}

extension SimulatedEndpoint {
    fileprivate init(_ value: AdminValue, path: String) throws(SimulatorProblem) {
        guard case .object(let members) = value else {
            throw SimulatorProblem(path: path, reason: "an object is needed")
        }
        let own = ["name", "region", "deployments", "api_key"]
        try SimulatorConfiguration.refuseUnknown(members, known: own + BehaviourField.all.map(\.name), at: path)
        self.init(
            name: try Self.text("name", members, path), region: try Self.text("region", members, path),
            deployments: try Self.deployments(members["deployments"], "\(path).deployments"),
            apiKey: members["api_key"] ?? .null == .null ? nil : try Self.text("api_key", members, path))
        try behaviour.apply(members.filter { !own.contains($0.key) }, path: path)
    }

    private static func text(
        _ name: String, _ members: [String: AdminValue], _ path: String
    ) throws(SimulatorProblem) -> String {
        guard case .string(let text) = members[name] ?? .null, !text.isEmpty else {
            throw SimulatorProblem(path: "\(path).\(name)", reason: "a non-empty string is needed")
        }
        return text
    }

    private static func deployments(_ value: AdminValue?, _ path: String) throws(SimulatorProblem) -> [String] {
        guard let value else { return usualDeployments }
        guard case .array(let list) = value else { throw SimulatorProblem(path: path, reason: "a list is needed") }
        var names: [String] = []
        for case .string(let name) in list { names.append(name) }
        guard names.count == list.count else {
            throw SimulatorProblem(path: path, reason: "only strings are allowed in the list")
        }
        return names
    }
}
