import HTTPTypes
import Hummingbird
import NIOCore

/// Sends every request where its path leads. Hummingbird's router is left out: four forms of path below each endpoint
/// are read faster by hand, and this server is the fixed cost of every load test.
struct SimulatorResponder: HTTPResponder {
    typealias Context = CallContext

    private let pool: SimulatedPool
    private let calls: ModelCalls
    private let admin: AdminRoutes

    init(_ pool: SimulatedPool) {
        self.pool = pool
        calls = ModelCalls(pool: pool)
        admin = AdminRoutes(pool: pool)
    }

    /// Costs no tokens, and fails only when the endpoint is gone.
    private func look(at endpoint: Int, on channel: any Channel) async -> Response {
        guard pool.look(at: endpoint) else {
            await ConnectionReset.reset(channel)
            return .unsendable
        }
        return Response(json: pool.endpoints[endpoint].modelList)
    }

    func respond(to request: Request, context: CallContext) async throws -> Response {
        switch SimulatorRoute(path: request.head.path ?? "") {
        case .model(let endpoint, let operation, let deployment):
            guard let position = pool.position(of: endpoint) else { return Response(.unknownPath) }
            guard request.method == .post else { return Response(.wrongMethod) }
            return try await calls.respond(to: request, at: position, operation, deployment, on: context.channel)
        case .models(let endpoint):
            guard let position = pool.position(of: endpoint) else { return Response(.unknownPath) }
            return await look(at: position, on: context.channel)
        case .admin(let path):
            return try await admin.respond(to: request, path: path)
        case .unknown:
            return Response(.unknownPath)
        }
    }
}

extension SimulatedEndpoint {
    /// What `models.list` of the SDKs reads.
    fileprivate var modelList: AdminValue {
        let models = deployments.map { name -> AdminValue in
            .object([
                "id": .string(name), "object": .string("model"), "created": .number(0), "owned_by": .string("azure"),
            ])
        }
        return .object(["object": .string("list"), "data": .array(models)])
    }
}
