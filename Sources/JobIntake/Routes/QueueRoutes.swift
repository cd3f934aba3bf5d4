import Hummingbird
import JobFlow
import Logging

/// `GET /v1/queues`, `POST /v1/queues/{queue}/pause` and `POST /v1/queues/{queue}/resume`.
struct QueueRoutes: Sendable {
    let store: any JobStore
    let control: any JobControl
    let queues: [IntakeQueue]
    let logger: Logger

    func list(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        .list(try await census(request).map(QueueObject.bytes))
    }

    func pause(_ request: IntakeRequest) async throws(IntakeProblem) -> Response { try await set(true, request) }

    func resume(_ request: IntakeRequest) async throws(IntakeProblem) -> Response { try await set(false, request) }

    private func set(_ isPaused: Bool, _ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try await EmptyBody.check(request)
        guard let name = request.parameters.first, queues.contains(where: { $0.name == name }) else {
            throw .queueNotFound(queues)
        }
        do throws(StoreError) { try await control.pause(name, isPaused) } catch { throw failed(request, error) }
        let logged: Logger.Metadata = ["queue": "\(name)", "correlation.id": "\(request.id)"]
        logger.notice(isPaused ? "queue paused" : "queue resumed", metadata: logged)
        guard let queue = try await census(request).first(where: { $0.queue == name }) else {
            throw .queueNotFound(queues)
        }
        return .json(QueueObject.bytes(queue))
    }

    private func census(_ request: IntakeRequest) async throws(IntakeProblem) -> [QueueCensus] {
        do throws(StoreError) { return try await store.census() } catch { throw failed(request, error) }
    }

    private func failed(_ request: IntakeRequest, _ error: StoreError) -> IntakeProblem {
        logger.fault("queues could not be read or changed", error, request.id)
        return IntakeProblem(error)
    }
}

/// A queue as clients read it.
enum QueueObject {
    static func bytes(_ census: QueueCensus) -> [UInt8] {
        JSONWriter.object { json in
            json.member("name", census.queue)
            json.member("object", "queue")
            json.member("is_paused", census.isPaused)
            // A span is written as a moment is: seconds with the fraction that there is.
            json.member("oldest_age_seconds", Timestamp(milliseconds: census.oldestAge.wholeMilliseconds))
            json.member(
                "jobs",
                object: { jobs in
                    jobs.member("queued", census.counts[.queued] ?? 0)
                    jobs.member("scheduled", census.counts[.scheduled] ?? 0)
                    jobs.member("in_progress", census.counts[.inProgress] ?? 0)
                    jobs.member("failed", census.counts[.failed] ?? 0)
                })
        }
    }
}
