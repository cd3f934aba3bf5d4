import HTTPTypes
import Hummingbird
import JobFlow

/// `GET …/responses/{id}`, its input items, `POST …/responses/{id}/cancel` and `DELETE …/responses/{id}`.
struct ResponseRoutes: Sendable {
    let find: FindJob
    let steer: SteerJob
    let stream: StreamResponse

    func retrieve(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let seen = try request.place()
        switch try request.query("stream")?.lowercased() {
        case nil, "false": return ResponseObject.response(try await record(request))
        case "true": return await stream.respond(to: try await record(request).spec, after: seen, request)
        default: throw .field("stream", "stream has to be true or false.")
        }
    }

    func inputItems(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let page = try Self.page(request)
        let record = try await record(request)
        let body = try await find.body(record, request)
        return .json(InputItems.bytes(body, of: record.spec.id, page))
    }

    /// Of a response that has ended, the end is the answer.
    func cancel(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try await EmptyBody.check(request)
        let known = try await record(request)
        guard !known.state.isTerminal else { return ResponseObject.response(known) }
        switch try await steer.end(known.spec.id, request) {
        case .cancelled(let record): return ResponseObject.response(record)
        case .ended: return ResponseObject.response(try await record(request))
        }
    }

    func delete(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try await EmptyBody.check(request)
        let known = try await record(request)
        if !known.state.isTerminal { _ = try await steer.end(known.spec.id, request) }
        try await steer.remove(known.spec.id, request)
        return .json(
            JSONWriter.object { json in
                json.member("id", ResponseID.text(known.spec.id))
                json.member("object", "response")
                json.member("deleted", true)
            })
    }

    private func record(_ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        guard let id = request.parameters.first.flatMap(ResponseID.job),
            let record = try await find.record(id, request),
            record.spec.path == .responses
        else { throw .responseNotFound }
        return record
    }

    private static func page(_ request: IntakeRequest) throws(IntakeProblem) -> InputItems.Page {
        var page = InputItems.Page()
        if let text = try request.query("limit") {
            guard let limit = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...100 ~= limit else {
                throw .field("limit", "limit has to be a whole number from 1 to 100.")
            }
            page.limit = limit
        }
        if let order = try request.query("order") {
            guard ["asc", "desc"].contains(order) else { throw .field("order", "order has to be asc or desc.") }
            page.isAscending = order == "asc"
        }
        page.after = try request.query("after")
        return page
    }
}

extension IntakeProblem {
    static let responseNotFound = IntakeProblem(
        .notFound, code: "response_not_found", "There is no response of that id.", param: "id")
}
