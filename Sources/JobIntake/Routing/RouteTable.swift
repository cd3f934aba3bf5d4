import HTTPTypes

/// Finds the route of a request. Hummingbird's router cannot tell a wrong method from an unknown path.
struct RouteTable: Sendable {
    let routes: [Route]

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
        for route in routes {
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
