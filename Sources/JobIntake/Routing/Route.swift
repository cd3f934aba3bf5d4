import HTTPTypes
import HummingbirdCore

/// One path and method, and what answers it.
struct Route: Sendable {
    typealias Method = HTTPRequest.Method
    typealias Handler = @Sendable (IntakeRequest) async throws(IntakeProblem) -> Response

    let method: HTTPRequest.Method
    /// As in docs/openapi.yaml, `/v1/jobs/{id}`.
    let template: String
    let metrics: RouteMetrics
    private(set) var handler: Handler
    let pattern: PathPattern
    /// What a key needs for it; nil: no key is asked for.
    let scope: Caller.Scope?
    /// It makes jobs, and is traced.
    private(set) var submitsWork = false

    init(
        _ method: HTTPRequest.Method, _ template: String, _ metrics: IntakeMetrics, scope: Caller.Scope?,
        _ handler: @escaping Handler
    ) {
        self.init(method, template, metrics.route(template), scope: scope, handler)
    }

    /// - Parameter metrics: shared by every spelling of one route, under the template of the first.
    init(
        _ method: HTTPRequest.Method, _ template: String, _ metrics: RouteMetrics, scope: Caller.Scope?,
        _ handler: @escaping Handler
    ) {
        self.scope = scope
        self.method = method
        self.template = template
        self.metrics = metrics
        self.handler = handler
        pattern = PathPattern(template)
    }

    var submittingWork: Route {
        var route = self
        route.submitsWork = true
        return route
    }

    /// Its handler may wait for a disk or compute for long: it leaves the thread of the sockets, where everybody would wait.
    var offSocketThread: Route {
        var route = self
        route.handler = { [handler] request async throws(IntakeProblem) in
            try await SocketThread.leave { () async throws(IntakeProblem) in try await handler(request) }
        }
        return route
    }

    var changesSomething: Bool { method != .get }
}
