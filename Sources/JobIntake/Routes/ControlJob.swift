import Hummingbird
import JobFlow

/// `POST /v1/jobs/{id}/cancel`, `POST /v1/jobs/{id}/retry` and `DELETE /v1/jobs/{id}`.
struct ControlJob: Sendable {
    let steer: SteerJob

    func cancel(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try await subject(request)
        // Whoever does not see all has to be told apart.
        if !request.caller.may(.admin) { _ = try await steer.known(id, request) }
        switch try await steer.end(id, request) {
        case .cancelled(let record): return .json(JobObject.bytes(record))
        case .ended(let state): throw .jobEnded(state)
        }
    }

    func retry(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        .json(JobObject.bytes(try await steer.revive(try await subject(request), request)))
    }

    func delete(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try await subject(request)
        try await steer.remove(id, request)
        return .json(Self.deletion(of: id))
    }

    private func subject(_ request: IntakeRequest) async throws(IntakeProblem) -> JobID {
        try await EmptyBody.check(request)
        return try request.jobID()
    }

    private static func deletion(of id: JobID) -> [UInt8] {
        JSONWriter.object { json in
            json.member("id", id.description)
            json.member("object", "job.deleted")
            json.member("deleted", true)
        }
    }
}
