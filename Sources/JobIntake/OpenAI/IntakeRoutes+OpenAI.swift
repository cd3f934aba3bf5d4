import Hummingbird
import JobFlow

/// The routes that OpenAI's clients know. Each has several spellings, and is one route in the metrics.
extension IntakeRoutes {
    private static let prefixes = ["/v1", "/openai", "/openai/v1"]
    private static let deployments = ["/openai/deployments/{deployment}", "/openai/v1/deployments/{deployment}"]

    func openAI() -> [Route] { calls() + responses() + models() }

    private func calls() -> [Route] {
        let withdraw = WithdrawJob(find: find, steer: steer, pool: pool)
        let wait = AwaitAnswer(end: end, withdraw: withdraw, limit: configuration.waitLimit)
        let stream = StreamedCall(
            find: find, steer: steer, withdraw: withdraw, log: log, pause: configuration.outagePause,
            limit: configuration.waitLimit, logger: logger)
        let call = CallModel(
            admission: admission, wait: wait, steer: steer, stream: stream, response: streamResponse,
            configuration: configuration,
            pool: pool)
        return UpstreamPath.allCases.flatMap { path in
            let metrics = instruments.route(path.rawValue)
            let plain = Self.prefixes.map { prefix in
                Route(.post, "\(prefix)/\(path.operation)", metrics, scope: .submit) {
                    request async throws(IntakeProblem) in
                    try await call.respond(path, to: request)
                }.submittingWork
            }
            // Azure keeps responses at the resource.
            guard path != .responses else { return plain }
            return plain
                + Self.deployments.map { prefix in
                    Route(.post, "\(prefix)/\(path.operation)", metrics, scope: .submit) {
                        request async throws(IntakeProblem) in
                        try await call.respond(path, takesDeployment: true, to: request)
                    }.submittingWork
                }
        }
    }

    private func responses() -> [Route] {
        let routes = ResponseRoutes(find: find, steer: steer, stream: streamResponse)
        return spelled(.get, "/responses/{id}", .read, routes.retrieve)
            + spelled(.delete, "/responses/{id}", .submit, routes.delete)
            + spelled(.post, "/responses/{id}/cancel", .submit, routes.cancel)
            + spelled(.get, "/responses/{id}/input_items", .read, routes.inputItems)
    }

    private var streamResponse: StreamResponse {
        StreamResponse(find: find, steer: steer, log: log, pause: configuration.outagePause)
    }

    private func models() -> [Route] {
        let models = ListModels(configuration, pool)
        return spelled(.get, "/models", .read, models.list) + spelled(.get, "/models/{model}", .read, models.model)
    }

    private func spelled(
        _ method: Route.Method, _ path: String, _ scope: Caller.Scope, _ handler: @escaping Route.Handler
    ) -> [Route] {
        let metrics = instruments.route("/v1\(path)")
        return Self.prefixes.map { Route(method, $0 + path, metrics, scope: scope, handler) }
    }
}
