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
    let keys: Keyring
    let buckets: CallerBuckets
    /// Nil where no request is traced.
    let tracer: IntakeTracer?
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
            return (await traced(route, request, parameters, id, context), route.metrics)
        case .wrongMethod(let problem): return (Response(problem), metrics.unrouted)
        case .unknownPath: return (Response(.unknownPath), metrics.unrouted)
        }
    }

    private func traced(
        _ route: Route, _ request: Request, _ parameters: [String], _ id: String, _ context: IntakeContext
    ) async -> Response {
        guard let tracer, route.submitsWork, let trace = tracer.begin(TraceContext(request.headers)) else {
            return await run(route, request, parameters, id, context)
        }
        let response = await run(route, request, parameters, id, context, trace)
        tracer.end(
            trace,
            AnsweredRequest(
                method: request.method.rawValue, route: route.template, path: request.uri.path, correlationID: id,
                status: response.status.code))
        return response
    }

    private func run(
        _ route: Route, _ request: Request, _ parameters: [String], _ id: String, _ context: IntakeContext,
        _ trace: RequestTrace? = nil
    ) async -> Response {
        do throws(IntakeProblem) {
            if route.changesSomething { try CrossSite.check(request.headers, host: request.head.authority) }
            return try await route.handler(
                IntakeRequest(
                    headers: request.headers, uri: request.uri, body: request.body, parameters: parameters, id: id,
                    channel: context.channel,
                    caller: try caller(route, request.headers), trace: trace))
        } catch {
            trace?.failed(error.code)
            if error.status.kind == .serverError {
                logger.error(
                    "request failed",
                    metadata: [
                        "correlation.id": "\(id)", "route": "\(route.template)", "error": "\(error.code)",
                    ])
            }
            return Response(error)
        }
    }

    private func caller(_ route: Route, _ headers: HTTPFields) throws(IntakeProblem) -> Caller {
        guard let scope = route.scope else { return .anybody }
        let caller = try keys.caller(headers)
        guard caller.may(scope) else { throw .scopeMissing(scope) }
        try buckets.admitRequest(caller, at: CallerBuckets.uptime)
        return caller
    }
}

/// The one that answers now; a request is answered to its end by the one that it met.
package struct LiveResponder: HTTPResponder {
    let live: Live<Shared<IntakeResponder>>

    package func respond(to request: Request, context: IntakeContext) async -> Response {
        await live.current.value.respond(to: request, context: context)
    }
}
