import Hummingbird
import JobFlow
import Logging

/// `GET /v1/jobs/{id}` and `GET /v1/jobs/{id}/attempts`.
struct ReadJob: Sendable {
    let store: any JobStore
    let logger: Logger

    func job(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let id = try Self.id(request)
        guard let wait = try WaitParameter.read(request.query("wait")), wait > .zero else {
            return .json(JobObject.bytes(try await read(id, request)))
        }
        let connection = await ConnectionWatch.of(request.channel)
        if let record = try found(await endedWithin(wait, id, connection), request) {
            return .json(JobObject.bytes(record))
        }
        return .json(JobObject.bytes(try await read(id, request)))
    }

    func attempts(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let ledger = try await read(try Self.id(request), request).ledger
        return .json(
            JSONWriter.object(capacity: ledger.count + 64) { json in
                json.member("object", "list")
                json.member("data", array: { if !ledger.isEmpty { $0.element(raw: ledger) } })
            })
    }

    private static func id(_ request: IntakeRequest) throws(IntakeProblem) -> JobID {
        guard let id = request.parameters.first.flatMap({ JobID($0) }) else { throw .jobNotFound }
        return id
    }

    private func read(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        let result: Result<JobRecord?, StoreError>
        do throws(StoreError) { result = .success(try await store.record(id)) } catch { result = .failure(error) }
        guard let record = try found(result, request) else { throw .jobNotFound }
        return record
    }

    private func found(_ result: Result<JobRecord?, StoreError>, _ request: IntakeRequest) throws(IntakeProblem)
        -> JobRecord?
    {
        switch result {
        case .success(let record): return record
        case .failure(let error):
            logger.warning("job could not be read", metadata: ["correlation.id": "\(request.id)", "error": "\(error)"])
            throw IntakeProblem(error)
        }
    }

    /// Ends early, without a record, when the client leaves or the server stops.
    private func endedWithin(_ wait: Duration, _ id: JobID, _ connection: ConnectionWatch?) async
        -> Result<JobRecord?, StoreError>
    {
        await withTaskGroup(of: Result<JobRecord?, StoreError>.self) { group in
            group.addTask {
                do throws(StoreError) {
                    return .success(try await store.record(id, endedWithin: wait))
                } catch { return .failure(error) }
            }
            if let connection {
                group.addTask {
                    await connection.closing()
                    return .success(nil)
                }
            }
            let first = await group.next() ?? .success(nil)
            group.cancelAll()
            return first
        }
    }
}
