import HTTPTypes

/// Finds the route of a request. Hummingbird's router cannot tell a wrong method from an unknown path.
struct RouteTable: Sendable {
    let routes: [Route]

    enum Match: Sendable {
        case route(Route, parameters: [String])
        case wrongMethod(IntakeProblem)
        case unknownPath
    }

    /// HEAD is answered by the GET route; the responder leaves the body out.
    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        let wanted = method == .head ? .get : method
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        var allowed: [String] = []
        for route in routes {
            guard let parameters = route.match(parts) else { continue }
            if route.method == wanted { return .route(route, parameters: parameters) }
            allowed += route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
        }
        return allowed.isEmpty ? .unknownPath : .wrongMethod(Self.wrongMethod(allowed.joined(separator: ", ")))
    }

    private static func wrongMethod(_ allowed: String) -> IntakeProblem {
        IntakeProblem(
            .methodNotAllowed, code: "method_not_allowed", "This path does not know that method; it knows \(allowed).",
            allow: allowed)
    }
}
