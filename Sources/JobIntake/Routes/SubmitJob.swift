import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import Metrics

/// `POST /v1/jobs`.
struct SubmitJob: Sendable {
    private let acceptance: AcceptJob
    private let find: FindJob
    private let configuration: IntakeConfiguration
    private let buckets: CallerBuckets
    private let now: WallClock
    private let submitted: [String: Counter]
    private let logger: Logger

    init(
        _ acceptance: AcceptJob, _ find: FindJob, _ configuration: IntakeConfiguration, _ buckets: CallerBuckets,
        now: @escaping WallClock,
        _ metrics: IntakeMetrics, _ logger: Logger
    ) {
        self.acceptance = acceptance
        self.find = find
        self.configuration = configuration
        self.buckets = buckets
        self.now = now
        self.logger = logger
        let counters = configuration.queues.map { ($0.name, metrics.submitted(queue: $0.name)) }
        submitted = Dictionary(counters) { first, _ in first }
    }

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try ContentRules.check(request.headers)
        let spec = try spec(try await request.body(upTo: configuration.maximumBodyBytes), request)
        switch try await acceptance.accept(spec) {
        case .accepted: return accepted(spec)
        case .known(let id):
            guard let record = try await find.record(id, request) else { throw .idempotencyKeyUsed }
            return Self.response(.ok, record)
        }
    }

    private func spec(_ bytes: [UInt8], _ request: IntakeRequest) throws(IntakeProblem) -> JobSpec {
        let time = now()
        let job = try JobRequest(
            parsing: bytes, keys: request.headers[values: .idempotencyKey],
            sdkRetries: request.headers[.stainlessRetryCount].flatMap { Int($0) }, caller: request.caller.name,
            configuration, now: time)
        // About as an endpoint would estimate it: four bytes a token.
        try buckets.admitTokens(job.body.count / 4, request.caller, at: CallerBuckets.uptime)
        var random = SystemRandomNumberGenerator()
        return job.spec(
            createdAt: time, correlationID: request.id, partitions: configuration.partitions, random: &random)
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

    private static func response(_ status: HTTPResponse.Status, _ record: JobRecord) -> Response {
        .json(JobObject.bytes(record), status: status, headers: [.location: "/v1/jobs/\(record.spec.id)"])
    }
}
