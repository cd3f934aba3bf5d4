import HTTPTypes
import Hummingbird
import JobFlow
import Logging

/// `GET /v1/jobs/batch/{id}`.
struct ReadBatch: Sendable {
    let batches: any JobBatches
    let spool: Spool
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let (id, standing) = try await find(request)
        return .json(BatchObject.bytes(id, standing))
    }

    /// The batch that the path names, if its caller may see it.
    func find(_ request: IntakeRequest) async throws(IntakeProblem) -> (id: BatchID, standing: BatchStanding) {
        guard let id = request.parameters.first.flatMap({ BatchID($0) }) else { throw .batchNotFound }
        let standing: BatchStanding?
        do throws(StoreError) { standing = try await batches.batch(id) } catch {
            logger.fault("batch could not be read", error, request.id)
            throw IntakeProblem(error)
        }
        // It may wait here for the queue.
        if standing == nil, !spool.isEmpty { throw .unavailable }
        guard let standing, request.caller.sees(standing.caller) else { throw .batchNotFound }
        return (id, standing)
    }
}

extension IntakeProblem {
    static let batchNotFound = IntakeProblem(
        .notFound, code: "batch_not_found", "There is no batch of that id.", param: "id")
}
