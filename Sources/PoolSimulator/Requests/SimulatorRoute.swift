/// Where a path leads.
package enum SimulatorRoute: Sendable, Equatable {
    case model(endpoint: String, operation: ModelOperation, deployment: String?)
    case models(endpoint: String)
    case admin([String])
    case unknown

    /// Takes the path with its query. Below an endpoint the forms of the official clients are served: `/v1`,
    /// `/openai/v1`, `/openai/deployments/{d}`, `/openai/v1/deployments/{d}`, and `/openai/responses`.
    package init(path: String) {
        var rest = path.prefix { $0 != "?" }.split(separator: "/")[...]
        guard let first = rest.popFirst() else {
            self = .unknown
            return
        }
        self = first == "_sim" ? .admin(rest.map(String.init)) : Self.below(String(first), &rest)
    }

    private static func below(_ endpoint: String, _ rest: inout ArraySlice<Substring>) -> SimulatorRoute {
        let azure = take("openai", from: &rest)
        let version = take("v1", from: &rest)
        guard azure || version else { return .unknown }
        let deployment = azure && take("deployments", from: &rest) ? rest.popFirst().map(String.init) : nil
        if rest.elementsEqual(["models"]) { return .models(endpoint: endpoint) }
        guard let operation = operation(rest) else { return .unknown }
        // Azure's unversioned paths name a deployment, except for the Responses API.
        guard version || (operation == .responses) == (deployment == nil) else { return .unknown }
        return .model(endpoint: endpoint, operation: operation, deployment: deployment)
    }

    private static func operation(_ rest: ArraySlice<Substring>) -> ModelOperation? {
        switch (rest.first, rest.dropFirst().first, rest.count) {
        case ("chat", "completions", 2): .chat
        case ("completions", nil, 1): .completions
        case ("responses", nil, 1): .responses
        case ("embeddings", nil, 1): .embeddings
        default: nil
        }
    }

    private static func take(_ part: String, from rest: inout ArraySlice<Substring>) -> Bool {
        guard rest.first.map({ $0 == part }) == true else { return false }
        rest.removeFirst()
        return true
    }
}
