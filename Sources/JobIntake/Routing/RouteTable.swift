import HTTPTypes

/// Finds the route of a request. Hummingbird's router cannot tell a wrong method from an unknown path.
struct RouteTable: Sendable {
    /// The routes of one path, by their methods.
    private struct Place: Sendable {
        let pattern: PathPattern
        var routes: [Route]
    }

    /// By the slashes in their paths: a request is held against a few of them only. A path that some route has word for word is
    /// no variable part of another, so those with fewer variable parts come first.
    private let places: [[Place]]

    init(routes: [Route]) {
        var places: [[Place]] = []
        for route in routes {
            let slashes = route.pattern.slashes
            while places.count <= slashes { places.append([]) }
            if let index = places[slashes].firstIndex(where: { $0.pattern == route.pattern }) {
                places[slashes][index].routes.append(route)
            } else {
                places[slashes].append(Place(pattern: route.pattern, routes: [route]))
            }
        }
        self.places = places.map { $0.sorted { $0.pattern.variables < $1.pattern.variables } }
    }

    enum Match: Sendable {
        case route(Route, parameters: [String])
        case wrongMethod(IntakeProblem)
        case unknownPath
    }

    /// HEAD is answered by the GET route; the responder leaves the body out.
    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        guard let (place, parts) = place(path.utf8Span.span) else { return .unknownPath }
        let wanted = method == .head ? .get : method
        if let route = place.routes.first(where: { $0.method == wanted }) {
            return .route(route, parameters: parts.map { path.part($0) })
        }
        let allowed = place.routes.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
        return .wrongMethod(Self.wrongMethod(allowed.joined(separator: ", ")))
    }

    private func place(_ path: Span<UInt8>) -> (Place, parts: [Range<Int>])? {
        let slashes = PathPattern.slashes(path)
        guard slashes < places.count else { return nil }
        for place in places[slashes] {
            if let parts = place.pattern.match(path) { return (place, parts) }
        }
        return nil
    }

    private static func wrongMethod(_ allowed: String) -> IntakeProblem {
        IntakeProblem(
            .methodNotAllowed, code: "method_not_allowed", "This path does not know that method; it knows \(allowed).",
            allow: allowed)
    }
}

extension String {
    fileprivate func part(_ range: Range<Int>) -> String {
        let start = utf8.index(startIndex, offsetBy: range.lowerBound)
        return String(self[start..<utf8.index(start, offsetBy: range.count)])
    }
}
