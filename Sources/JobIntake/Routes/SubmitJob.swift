import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import Metrics

/// `POST /v1/jobs`.
struct SubmitJob: Sendable {
    private let store: any JobStore
    private let configuration: IntakeConfiguration
    private let now: WallClock
    private let submitted: [String: Counter]
    private let logger: Logger

    init(
        _ store: any JobStore, _ configuration: IntakeConfiguration, now: @escaping WallClock, _ metrics: IntakeMetrics,
        _ logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.now = now
        self.logger = logger
        let counters = configuration.queues.map { ($0.name, metrics.submitted(queue: $0.name)) }
        submitted = Dictionary(counters) { first, _ in first }
    }

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try ContentRules.check(request.headers)
        let bytes = try await request.body(upTo: configuration.maximumBodyBytes)
        let time = now()
        let job = try JobRequest(
            parsing: bytes, keys: request.headers[values: .idempotencyKey],
            sdkRetries: request.headers[.stainlessRetryCount].flatMap { Int($0) }, configuration, now: time)
        var random = SystemRandomNumberGenerator()
        let spec = job.spec(
            createdAt: time, correlationID: request.id, partitions: configuration.partitions, random: &random)
        switch await submit(spec) {
        case .success(.accepted): return accepted(spec)
        case .success(.duplicate(let id)): return try await duplicate(of: id)
        case .success(.conflict): throw Self.conflict
        case .failure(let error): throw failed(error, request)
        }
    }

    private func submit(_ spec: JobSpec) async -> Result<SubmitOutcome, StoreError> {
        do throws(StoreError) { return .success(try await store.submit(spec)) } catch { return .failure(error) }
    }

    private func accepted(_ spec: JobSpec) -> Response {
        submitted[spec.queue]?.increment()
        logger.debug(
            "job accepted",
            metadata: [
                "job.id": "\(spec.id)", "queue": "\(spec.queue)", "correlation.id": "\(spec.correlationID)",
            ])
        return Self.response(.accepted, JobRecord(spec: spec, state: .queued))
    }

    private func duplicate(of id: JobID) async throws(IntakeProblem) -> Response {
        let record: JobRecord?
        do throws(StoreError) { record = try await store.record(id) } catch { throw IntakeProblem(error) }
        guard let record else { throw Self.gone }
        return Self.response(.ok, record)
    }

    private func failed(_ error: StoreError, _ request: IntakeRequest) -> IntakeProblem {
        logger.warning("submission failed", metadata: ["correlation.id": "\(request.id)", "error": "\(error)"])
        return IntakeProblem(error)
    }

    private static func response(_ status: HTTPResponse.Status, _ record: JobRecord) -> Response {
        .json(JobObject.bytes(record), status: status, headers: [.location: "/v1/jobs/\(record.spec.id)"])
    }

    private static let conflict = IntakeProblem(
        .conflict, code: "idempotency_conflict", "This idempotency key came with another request before.",
        param: "idempotency_key")

    private static let gone = IntakeProblem(
        .conflict, code: "idempotency_key_used",
        "The job of this idempotency key has ended, and its record was kept no longer. Use a new key.",
        param: "idempotency_key")
}
