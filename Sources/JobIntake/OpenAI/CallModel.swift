import HTTPTypes
import Hummingbird
import JobFlow

/// `POST …/chat/completions`, `…/completions`, `…/embeddings` and `…/responses`: a durable job whose answer is waited for, or
/// streamed; of a background response, neither has to be.
struct CallModel: Sendable {
    let admission: AdmitJob
    let wait: AwaitAnswer
    let steer: SteerJob
    let stream: StreamedCall
    let response: StreamResponse
    let configuration: IntakeConfiguration
    let pool: PoolWatch?

    /// - Parameter takesDeployment: whether the path names one.
    func respond(_ path: UpstreamPath, takesDeployment: Bool = false, to request: IntakeRequest)
        async throws(IntakeProblem) -> Response
    {
        try ContentRules.check(request.headers)
        let bytes = try await request.body(upTo: configuration.maximumBodyBytes)
        let call = try ModelCall(
            bytes, path: path, deployment: takesDeployment ? request.parameters.first.map(PathPart.decoded) : nil,
            models: configuration.models, endpoints: pool?.endpoints)
        let time = admission.now()
        let job = try JobRequest(call, request, configuration, now: time)
        let isAwaited = call.background == nil && !call.isStreamed
        let outcome = try await admission.admit(job, at: time, isAwaited: isAwaited, request)
        switch (call.background != nil, call.isStreamed) {
        case (true, false): return Self.started(outcome)
        case (true, true): return await response.respond(to: outcome.spec, after: nil, request)
        case (false, true): return try await streamed(outcome, request)
        case (false, false): return try await waited(outcome, request)
        }
    }

    private static func started(_ outcome: AdmitJob.Outcome) -> Response {
        switch outcome {
        case .accepted(let spec): ResponseObject.response(JobRecord(spec: spec, state: .queued))
        case .known(let record): ResponseObject.response(record)
        }
    }

    private func streamed(_ outcome: AdmitJob.Outcome, _ request: IntakeRequest) async throws(IntakeProblem) -> Response
    {
        if case .known(let record) = outcome, record.state == .cancelled { try await revive(record.spec.id, request) }
        return await stream.respond(to: outcome.spec, request)
    }

    private func waited(_ outcome: AdmitJob.Outcome, _ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        switch outcome {
        case .accepted(let spec): return try await answer(spec, request)
        // It was cancelled because its client had left, or was told to come again: now it asks again.
        case .known(let record) where record.state == .cancelled:
            try await revive(record.spec.id, request)
            return try await answer(record.spec, request)
        case .known(let record) where record.state.isTerminal: return WaitedAnswer.response(record)
        case .known(let record): return try await answer(record.spec, request)
        }
    }

    /// Unless another one who asks again was quicker.
    private func revive(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) {
        do throws(IntakeProblem) { _ = try await steer.revive(id, request) } catch {
            guard [.jobCompleted, .jobNotEnded(.queued), .jobNotEnded(.inProgress)].contains(error) else { throw error }
        }
    }

    /// A job that was accepted is named in whatever is answered.
    private func answer(_ spec: JobSpec, _ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let headers: HTTPFields = [.jobID: spec.id.description]
        let outcome: AwaitAnswer.Outcome
        do throws(IntakeProblem) { outcome = try await wait.outcome(of: spec, request) } catch {
            return Response(error, headers: headers)
        }
        switch outcome {
        case .ended(let record): return WaitedAnswer.response(record)
        case .timeUp: return Response(.waitOver, headers: headers)
        case .poolClosed(let time): return Response(.poolClosed(time), headers: headers)
        case .serverStops: return Response(.serverStops, headers: headers)
        case .clientLeft:
            await steer.clientLeft(spec.id, await ConnectionWatch.of(request.channel), request)
            return Response(.serverStops, headers: headers)
        }
    }
}

/// A variable part of a path, as its client meant it.
enum PathPart {
    static func decoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
