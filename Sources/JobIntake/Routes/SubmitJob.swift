import HTTPTypes
import Hummingbird
import JobFlow

/// `POST /v1/jobs`.
struct SubmitJob: Sendable {
    let admission: AdmitJob
    let configuration: IntakeConfiguration

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try ContentRules.check(request.headers)
        let bytes = try await request.body(upTo: configuration.maximumBodyBytes)
        let time = admission.now()
        let job = try JobRequest(
            parsing: bytes[...], keys: request.headers[values: .idempotencyKey], sdkRetries: request.sdkRetries,
            caller: request.caller.name, configuration, now: time)
        switch try await admission.admit(job, at: time, request) {
        case .accepted(let spec): return Self.response(.accepted, JobRecord(spec: spec, state: .queued))
        case .known(let record): return Self.response(.ok, record)
        }
    }

    private static func response(_ status: HTTPResponse.Status, _ record: JobRecord) -> Response {
        .json(JobObject.bytes(record), status: status, headers: [.location: "/v1/jobs/\(record.spec.id)"])
    }
}
