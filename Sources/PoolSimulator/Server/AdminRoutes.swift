import HTTPTypes
import Hummingbird
import NIOCore

/// `/_sim/…`: what the simulator saw, and how it behaves from now on.
struct AdminRoutes: Sendable {
    private static let largestBody = 1 << 20

    let pool: SimulatedPool

    func respond(to request: Request, path: [String]) async throws -> Response {
        switch (request.method, path.first, path.count) {
        case (.get, "stats", 1):
            return Response(json: pool.stats())
        case (.post, "reset", 1):
            pool.reset()
            return Response(json: pool.stats())
        case (.get, "calls", 1):
            return Response(json: .array(pool.calls().map(pool.describe)))
        case (.get, "jobs", 2):
            return Response(json: .array(pool.calls(of: path[1]).map(pool.describe)))
        case (.get, "endpoints", 1):
            return Response(json: .array(pool.endpoints.indices.map(describe)))
        case (.get, "endpoints", 2), (.post, "endpoints", 2):
            return try await endpoint(path[1], request)
        default:
            return refuse(
                .notFound, param: nil,
                """
                unknown; there are GET stats, POST reset, GET calls, GET jobs/{id}, GET endpoints, GET and POST \
                endpoints/{name}
                """)
        }
    }

    private func endpoint(_ name: String, _ request: Request) async throws -> Response {
        guard let position = pool.position(of: name) else {
            let names = pool.endpoints.map(\.name).joined(separator: ", ")
            return refuse(.notFound, param: nil, "there is no endpoint of this name; there are \(names)")
        }
        guard request.method == .post else {
            return Response(json: .object(pool.behaviour(of: position).fields))
        }
        let body = try await request.body.collect(upTo: Self.largestBody)
        do throws(SimulatorProblem) {
            let changes = try AdminValue.object(from: Array(buffer: body))
            return Response(json: .object(try await pool.change(position, changes).fields))
        } catch {
            return refuse(.badRequest, param: error.path.isEmpty ? nil : error.path, error.description)
        }
    }

    private func describe(_ position: Int) -> AdminValue {
        let endpoint = pool.endpoints[position]
        return .object([
            "name": .string(endpoint.name), "region": .string(endpoint.region),
            "deployments": .array(endpoint.deployments.map { .string($0) }),
            "behaviour": .object(pool.behaviour(of: position).fields),
        ])
    }

    private func refuse(_ status: HTTPResponse.Status, param: String?, _ message: String) -> Response {
        Response(
            json: .object([
                "error": .object([
                    "message": .string(message), "type": .string("invalid_request_error"),
                    "param": param.map { .string($0) } ?? .null, "code": .null,
                ])
            ]), status: status)
    }
}
