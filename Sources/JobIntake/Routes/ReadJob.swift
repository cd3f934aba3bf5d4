import Hummingbird
import JobFlow

/// `GET /v1/jobs/{id}`, `GET /v1/jobs/{id}/attempts` and `GET /v1/jobs/{id}/request`.
struct ReadJob: Sendable {
    let find: FindJob
    let end: AwaitEnd
    let pool: PoolWatch?

    func job(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try request.jobID()
        guard let wait = try WaitParameter.read(request.query("wait")), wait > .zero else {
            return answer(try await read(id, request))
        }
        // Ends early when the client leaves or the server stops.
        let interruption = Interruption()
        let connection = await ConnectionWatch.of(request.channel)
        let place = connection?.interrupt(interruption)
        defer { if let place { connection?.leave(place) } }
        guard let record = try await end.record(id, within: wait, unless: interruption, request) else {
            throw .jobNotFound
        }
        return answer(record)
    }

    private func answer(_ record: JobRecord) -> Response {
        let poolOpensIn = record.state.isTerminal ? nil : pool?.closedFor(model: record.spec.model)
        return .json(JobObject.bytes(record, poolOpensIn: poolOpensIn))
    }

    func attempts(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        guard let ledger = try await find.ledger(try request.jobID(), request) else { throw .jobNotFound }
        return .json(
            JSONWriter.object(capacity: ledger.count + 64) { json in
                json.member("object", "list")
                json.member("data", array: { if !ledger.isEmpty { $0.element(raw: ledger) } })
            })
    }

    /// What was submitted, as it goes upstream. Its body is null where the queue has lost it.
    func request(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let record = try await read(try request.jobID(), request)
        let body = try await find.body(record, request)
        return .json(
            JSONWriter.object(capacity: body.count + 128) { json in
                json.member("id", record.spec.id.description)
                json.member("object", "job.request")
                json.member("url", record.spec.path.rawValue)
                json.member("body", rawOrNull: body.isEmpty ? nil : body)
            })
    }

    private func read(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        guard let record = try await find.record(id, request) else { throw .jobNotFound }
        return record
    }
}
