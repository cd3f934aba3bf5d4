extension Timeline {
    private static let latest: Int64 = 365 * 86_400_000_000
    private static let units: [(suffix: String, microseconds: Int64)] = [
        ("ms", 1000), ("s", 1_000_000), ("m", 60_000_000), ("h", 3_600_000_000), ("d", 86_400_000_000),
    ]

    /// Reads `[{"at":"30s","endpoint":"eastus-ptu","set":{"blackout":true}}]`.
    init(_ value: AdminValue?, for endpoints: [SimulatedEndpoint]) throws(SimulatorProblem) {
        guard case .array(let list) = value ?? .array([]) else {
            throw SimulatorProblem(path: "timeline", reason: "a list of changes is needed")
        }
        var changes: [Change] = []
        for (index, value) in list.enumerated() {
            let change = try Change(value, path: "timeline[\(index)]")
            try change.check(endpoints, path: "timeline[\(index)]")
            changes.append(change)
        }
        self.init(changes)
    }

    /// Microseconds: a number of seconds, or a whole number with a unit.
    static func time(_ value: AdminValue) -> Int64? {
        switch value {
        case .number(let seconds):
            return (0...Double(latest) / 1_000_000).contains(seconds)
                ? Int64((seconds * 1_000_000).rounded()) : nil
        case .string(let text):
            let digits = text.prefix { ("0"..."9").contains($0) }
            let unit = units.first { $0.suffix == text[digits.endIndex...] }
            guard let unit, let count = Int64(digits), count <= latest / unit.microseconds else { return nil }
            return count * unit.microseconds
        default: return nil
        }
    }
}

extension Timeline.Change {
    fileprivate init(_ value: AdminValue, path: String) throws(SimulatorProblem) {
        guard case .object(let members) = value else {
            throw SimulatorProblem(path: path, reason: "an object is needed")
        }
        try SimulatorConfiguration.refuseUnknown(members, known: ["at", "endpoint", "set"], at: path)
        guard let at = members["at"].flatMap(Timeline.time) else {
            throw SimulatorProblem(
                path: "\(path).at", reason: "a number of seconds or a duration such as 500ms, 30s, 5m, 24h is needed")
        }
        guard case .string(let endpoint) = members["endpoint"] else {
            throw SimulatorProblem(path: "\(path).endpoint", reason: "the name of an endpoint is needed")
        }
        guard case .object(let fields) = members["set"] else {
            throw SimulatorProblem(path: "\(path).set", reason: "an object of behaviour fields is needed")
        }
        self.init(at: at, endpoint: endpoint, fields: fields)
    }

    /// Refuses what could not be applied when its time comes.
    func check(_ endpoints: [SimulatedEndpoint], path: String) throws(SimulatorProblem) {
        guard at >= 0 else { throw SimulatorProblem(path: "\(path).at", reason: "nothing before the start is allowed") }
        guard let target = endpoints.first(where: { $0.name == endpoint }) else {
            let names = endpoints.map(\.name).joined(separator: ", ")
            throw SimulatorProblem(path: "\(path).endpoint", reason: "unknown; there are \(names)")
        }
        var behaviour = target.behaviour
        try behaviour.apply(fields, path: "\(path).set")
        try behaviour.checkSpillover(from: endpoint, among: endpoints, path: "\(path).set")
    }
}
