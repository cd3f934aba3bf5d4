import HTTPTypes

/// Finds the route of a request. Hummingbird's router cannot tell a wrong method from an unknown path.
struct RouteTable: Sendable {
    /// What tells most routes apart before they are compared: a request is held against a few of them only.
    private struct Key: Hashable {
        let length: Int
        let first: Substring?
        /// Nil for a variable part.
        let second: Substring?
    }

    private let routes: [Key: [Route]]

    init(routes: [Route]) { self.routes = Dictionary(grouping: routes) { Self.key($0.segments) } }

    private static func key(_ segments: [Route.Segment]) -> Key {
        let literals = segments.dropFirst().prefix(2).map { segment -> Substring? in
            if case .literal(let text) = segment { text[...] } else { nil }
        }
        return Key(
            length: segments.count, first: literals.first ?? nil, second: literals.count > 1 ? literals[1] : nil)
    }

    private func candidates(_ parts: [Substring]) -> [Route] {
        let head = parts.dropFirst().prefix(2)
        let first = head.first
        let variable = routes[Key(length: parts.count, first: first, second: nil), default: []]
        guard head.count > 1, let second = head.last else { return variable }
        return routes[Key(length: parts.count, first: first, second: second), default: []] + variable
    }

    enum Match: Sendable {
        case route(Route, parameters: [String])
        case wrongMethod(IntakeProblem)
        case unknownPath
    }

    /// HEAD is answered by the GET route; the responder leaves the body out. A path that some route has word for word is no
    /// variable part of another.
    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let wanted = method == .head ? .get : method
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var found: (routes: [Route], parameters: [String]) = ([], [])
        for route in candidates(parts) {
            guard let parameters = route.match(parts) else { continue }
            if found.routes.isEmpty || parameters.count < found.parameters.count { found = ([], parameters) }
            if parameters == found.parameters { found.routes.append(route) }
        }
        if let route = found.routes.first(where: { $0.method == wanted }) {
            return .route(route, parameters: found.parameters)
        }
        let allowed = found.routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
        return allowed.isEmpty ? .unknownPath : .wrongMethod(Self.wrongMethod(allowed.joined(separator: ", ")))
    }

    private static func wrongMethod(_ allowed: String) -> IntakeProblem {
        IntakeProblem(
            .methodNotAllowed, code: "method_not_allowed", "This path does not know that method; it knows \(allowed).",
            allow: allowed)
    }
}
