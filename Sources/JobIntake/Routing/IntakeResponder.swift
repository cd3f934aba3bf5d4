import HTTPTypes
import Hummingbird
package import HummingbirdCore
import JobFlow
import Logging

/// Answers every request: finds the route, gives each answer its `x-request-id`, turns each refusal into the one error
/// shape, and counts. Never throws.
package struct IntakeResponder: HTTPResponder {
    let routes: RouteTable
    let metrics: IntakeMetrics
    let logger: Logger

    package func respond(to request: Request, context: IntakeContext) async -> Response {
        let start = ContinuousClock.now
        let id = RequestID.of(request.headers)
        var (response, routeMetrics) = await answer(request, id, context)
        response.headers[.requestID] = id
        routeMetrics.record(code: response.status.code, took: .now - start)
        return request.method == .head ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ id: String, _ context: IntakeContext) async -> (Response, RouteMetrics) {
        switch routes.find(request.method, request.uri.path) {
        case .route(let route, let parameters):
            let request = IntakeRequest(request: request, parameters: parameters, id: id, channel: context.channel)
            return (await run(route, request), route.metrics)
        case .wrongMethod(let problem): return (Response(problem), metrics.unrouted)
        case .unknownPath: return (Response(Self.unknownPath), metrics.unrouted)
        }
    }

    private func run(_ route: Route, _ request: IntakeRequest) async -> Response {
        do throws(IntakeProblem) {
            if route.changesSomething { try CrossSite.check(request.headers, host: request.request.head.authority) }
            return try await route.handler(request)
        } catch {
            if error.status.kind == .serverError {
                logger.error(
                    "request failed",
                    metadata: [
                        "correlation.id": "\(request.id)", "route": "\(route.template)", "error": "\(error.code)",
                    ])
            }
            return Response(error)
        }
    }

    private static let unknownPath = IntakeProblem(
        .notFound, code: "unknown_path", "There is nothing at this path.")
}
