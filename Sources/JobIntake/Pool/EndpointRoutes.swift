import Hummingbird
import JobFlow
import Logging

/// `GET /v1/endpoints`: how the fleet stands with each endpoint of the pool; `POST /v1/endpoints/{name}/drain` and
/// `POST /v1/endpoints/{name}/undrain`: taking one out of the pool, and putting it back.
struct EndpointRoutes: Sendable {
    let pool: PoolWatch
    let logger: Logger

    func list(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        .list(try await standings(request).map { EndpointObject.bytes($0, $1) })
    }

    func drain(_ request: IntakeRequest) async throws(IntakeProblem) -> Response { try await set(true, request) }

    func undrain(_ request: IntakeRequest) async throws(IntakeProblem) -> Response { try await set(false, request) }

    private func set(_ isDrained: Bool, _ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try await EmptyBody.check(request)
        guard let name = request.parameters.first, pool.endpoints.contains(where: { $0.name == name }) else {
            throw .endpointNotFound(pool.endpoints)
        }
        do throws(StoreError) { try await pool.board.drain(name, isDrained) } catch { throw failed(request, error) }
        logger.notice(
            isDrained ? "endpoint drained" : "endpoint put back",
            metadata: ["endpoint": "\(name)", "correlation.id": "\(request.id)"])
        guard let (endpoint, standing) = try await standings(request).first(where: { $0.0.name == name }) else {
            throw .endpointNotFound(pool.endpoints)
        }
        return .json(EndpointObject.bytes(endpoint, standing))
    }

    private func standings(_ request: IntakeRequest) async throws(IntakeProblem) -> [(IntakeEndpoint, EndpointStanding)]
    {
        do throws(StoreError) { return try await pool.standings() } catch { throw failed(request, error) }
    }

    private func failed(_ request: IntakeRequest, _ error: StoreError) -> IntakeProblem {
        logger.fault("the endpoints' standing could not be read or changed", error, request.id)
        return IntakeProblem(error)
    }
}

/// An endpoint as clients read it. Spans are seconds.
enum EndpointObject {
    static func bytes(_ endpoint: IntakeEndpoint, _ standing: EndpointStanding) -> [UInt8] {
        JSONWriter.object { json in
            json.member("name", endpoint.name)
            json.member("object", "endpoint")
            json.member("status", status(standing))
            json.member("region", endpoint.region)
            json.member("tier", endpoint.tier)
            json.member("model", endpoint.model)
            json.member("deployment", endpoint.deployment)
            json.member("priority", endpoint.priority)
            json.member("weight", endpoint.weight)
            json.member("ptu", endpoint.ptu)
            json.member("drained_at", standing.drainedAt)
            json.member("inflight", standing.inflight)
            json.member("gates", object: { gates(&$0, standing) })
            if let room = standing.room {
                json.member("capacity", object: { capacity(&$0, room) })
            } else {
                json.member("capacity", raw: "null".utf8)
            }
        }
    }

    private static func status(_ standing: EndpointStanding) -> String {
        if standing.drainedAt != nil { return "drained" }
        if standing.out != nil { return "refused" }
        if let health = standing.health { return health.closedFor > .zero ? "ill" : "probing" }
        if standing.throttledFor > .zero { return "throttled" }
        return standing.room.map { $0.tokens <= 0 } == true ? "full" : "open"
    }

    private static func gates(_ json: inout JSONWriter, _ standing: EndpointStanding) {
        json.member("throttle", rawOrNull: standing.throttledFor > .zero ? closed(standing.throttledFor) : nil)
        json.member("health", rawOrNull: standing.health.map { closed($0.closedFor, round: $0.round) })
        json.member("credentials", rawOrNull: standing.out.map { closed($0.closedFor, reason: $0.reason) })
    }

    private static func closed(_ time: Duration, round: Int? = nil, reason: String? = nil) -> [UInt8] {
        JSONWriter.object { json in
            json.member("closed_for_seconds", Timestamp(milliseconds: time.wholeMilliseconds))
            if let round { json.member("round", round) }
            if let reason { json.member("reason", reason) }
        }
    }

    private static func capacity(_ json: inout JSONWriter, _ room: TokenRoom) {
        json.member("tokens_per_minute", Int((room.rate * 60).rounded()))
        json.member("room_tokens", Int(room.tokens.rounded(.down)))
        json.member("burst_tokens", Int(room.burst.rounded()))
        json.member("workers", room.sharers)
    }
}
