import HTTPTypes
import Hummingbird
import JobFlow

/// What a client reads that waited for its job: the upstream's own answer and status, or why there is none.
enum WaitedAnswer {
    static func response(_ record: JobRecord) -> Response {
        var headers = headers(record)
        guard let result = record.result, record.state == .completed || record.state == .failed else {
            return Response(problem(record), headers: headers)
        }
        // It was tried as often as it may be: the same job would give the same answer.
        if record.state == .failed { headers[.shouldRetry] = "false" }
        return .json(result.body, status: HTTPResponse.Status(code: result.statusCode), headers: headers)
    }

    static func headers(_ record: JobRecord) -> HTTPFields {
        var headers: HTTPFields = [
            .jobID: record.spec.id.description, .attempts: String(record.attempts),
        ]
        if let result = record.result { headers[.servedBy] = result.servedBy.rawValue }
        return headers
    }

    static func problem(_ record: JobRecord) -> IntakeProblem {
        switch record.state {
        case .failed: failure(record.error)
        case .expired: IntakeProblem(.gatewayTimeout, .deadlineExceeded)
        case .cancelled, .queued, .scheduled, .inProgress, .completed:
            IntakeProblem(
                .gatewayTimeout, type: "server_error", code: "cancelled",
                "The job was cancelled before it had an answer.")
        }
    }

    private static func failure(_ error: JobError?) -> IntakeProblem {
        let error = error ?? JobError(code: "failed", message: "the job failed", type: "server_error")
        switch error.code {
        case "model_not_found": return IntakeProblem(.notFound, error)
        case "idempotency_conflict": return IntakeProblem(.conflict, error)
        case "timeout", "connect_timeout", "upstream_timeout", "deadline_exceeded":
            return IntakeProblem(.gatewayTimeout, error)
        case "connection_failed", "throttled": return IntakeProblem(.serviceUnavailable, error)
        default: return IntakeProblem(.badGateway, error)
        }
    }
}

extension IntakeProblem {
    /// Why a job has no answer. It has ended: sending the request again would find it ended.
    fileprivate init(_ status: HTTPResponse.Status, _ error: JobError) {
        self.init(status, type: error.type, code: error.code, error.message)
    }

    static let waitOver = IntakeProblem(
        .gatewayTimeout, type: "server_error", code: "wait_limit_exceeded",
        "The answer took longer than this server waits. The job goes on: GET /v1/jobs/{id} with the id in x-sluice-job-id."
    )

    static let serverStops = IntakeProblem(
        .serviceUnavailable, type: "server_error", code: "server_stopping",
        "This server stops. The job goes on: GET /v1/jobs/{id} with the id in x-sluice-job-id, or send the request again.",
        retry: .after(milliseconds: 1000))

    /// - Parameter wait: what clients are told is what their SDKs heed.
    static func poolClosed(_ wait: Duration) -> IntakeProblem {
        IntakeProblem(
            .serviceUnavailable, type: "server_error", code: "pool_closed",
            "Every endpoint that could answer is closed for longer than this server waits. Nothing was called.",
            retry: .after(milliseconds: Int(max(1000, min(wait.wholeMilliseconds, 120_000)))))
    }
}
