import HTTPTypes
import Hummingbird
import NIOCore

/// Reads a model call, has its fate decided, and carries that out.
struct ModelCalls: Sendable {
    private static let largestBody = 16 << 20

    let pool: SimulatedPool

    func respond(
        to request: Request, at endpoint: Int, _ operation: ModelOperation, _ deployment: String?,
        on channel: any Channel
    ) async throws -> Response {
        let body = try await read(request)
        let call = pool.begin(arrival(request.headers, body, at: endpoint, operation, deployment), on: channel)
        var headers = HTTPFields(of: call, pool)
        headers[.clientRequestID] = request.headers[.clientRequestID]
        return await CallPerformance(pool: pool, call: call, headers: headers, channel: channel).response()
    }

    private func read(_ request: Request) async throws -> Result<ModelRequest, UnreadableBody> {
        let bytes: ByteBuffer
        do {
            bytes = try await request.body.collect(upTo: Self.largestBody)
        } catch is NIOTooManyBytesError {
            return .failure(UnreadableBody(refusal: .bodyTooLarge))
        }
        do throws(RequestScanner.Malformed) {
            return .success(try RequestScanner.scan(Array(buffer: bytes)))
        } catch {
            return .failure(UnreadableBody(refusal: .malformedBody(error.reason)))
        }
    }

    private func arrival(
        _ headers: HTTPFields, _ body: Result<ModelRequest, UnreadableBody>, at endpoint: Int,
        _ operation: ModelOperation, _ deployment: String?
    ) -> Arrival {
        let request = (try? body.get()) ?? ModelRequest()
        var facts = CallFacts(request, operation: operation)
        let asked = deployment ?? request.model
        let served = asked.flatMap { pool.endpoints[endpoint].deployments.contains($0) ? $0 : nil }
        facts.deployment = served
        facts.spillover = headers[.spilloverDeployment]
        if !isAuthorized(headers, at: endpoint) {
            facts.refusal = .unauthorized
        } else if case .failure(let unreadable) = body {
            facts.refusal = unreadable.refusal
        } else if served == nil {
            facts.refusal = asked == nil ? .missingModel : .unknownDeployment
        } else if operation == .embeddings, request.inputs > AnswerFacts.mostInputs {
            facts.refusal = .tooManyInputs
        }
        return Arrival(
            endpoint: endpoint, operation: operation, request: request, facts: facts,
            job: headers[.sluiceJobID], attempt: headers[.sluiceAttempt], correlationID: headers[.requestID])
    }

    private func isAuthorized(_ headers: HTTPFields, at endpoint: Int) -> Bool {
        let bearer = headers[.authorization].flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
        guard let key = headers[.apiKey] ?? bearer, !key.isEmpty else { return false }
        return pool.endpoints[endpoint].apiKey.map { $0 == key } ?? true
    }
}

/// A body that no request could be read from.
private struct UnreadableBody: Error { let refusal: Refusal }
