import HTTPTypes
import Hummingbird
import JobFlow
import Logging

/// `GET /v1/batches`, `GET /v1/batches/{id}` and `POST /v1/batches/{id}/cancel`. A batch of somebody else is none.
struct BatchRoutes: Sendable {
    let rack: BatchRack
    let batches: any JobBatches
    let now: WallClock
    let logger: Logger

    func read(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        .json(await object(try await find(request)))
    }

    func list(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let page = try PageParameters(request.query, limit: 1...100, usual: 20)
        let rack = rack
        let all = try await disk { () throws(FileFault) in rack.all() }.filter { request.caller.sees($0.caller) }
        var objects: [BatchID: [UInt8]] = [:]
        for batch in page.elements(all, id: \.id.description) { objects[batch.id] = await object(batch) }
        return .json(page.list(all, id: \.id.description) { objects[$0.id] ?? [] })
    }

    func cancel(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try await EmptyBody.check(request)
        let batch = try await find(request)
        switch batch.status {
        case .cancelling, .cancelled: return .json(await object(batch))
        case .validating, .inProgress, .finalizing: break
        case .completed, .failed, .expired:
            throw IntakeProblem(
                .conflict, code: "batch_ended", "The batch has ended already: it is \(batch.status.rawValue).",
                param: "id")
        }
        let (rack, time) = (rack, now())
        try await disk { () throws(FileFault) in try rack.cancel(batch.id, at: time) }
        return .json(await object(try await find(request)))
    }

    private func find(_ request: IntakeRequest) async throws(IntakeProblem) -> FileBatch {
        let rack = rack
        guard let id = request.parameters.first.flatMap({ BatchID($0) }),
            let batch = try await disk({ () throws(FileFault) in rack.find(id) }), request.caller.sees(batch.caller)
        else { throw .batchNotFound }
        return batch
    }

    /// The counts are live. While the queue cannot be asked, they are those of the document.
    private func object(_ batch: FileBatch) async -> [UInt8] {
        guard !batch.status.isTerminal, batch.counts.total > 0, let standing = try? await batches.batch(batch.id) else {
            return batch.object(batch.counts)
        }
        return batch.object(FileBatch.Counts(standing, total: batch.counts.total))
    }

    private func disk<Value: Sendable>(_ body: @escaping @Sendable () throws(FileFault) -> Value)
        async throws(IntakeProblem) -> Value
    {
        do throws(FileFault) { return try await DiskFolder.run(body) } catch {
            logger.error("a batch could not be read", metadata: ["error": "\(error)"])
            throw .filesUnavailable
        }
    }
}
