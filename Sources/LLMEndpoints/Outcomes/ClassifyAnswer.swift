package import Curl
package import JobFlow

/// What one call came to, for the job and for the endpoint.
package struct Classified: Sendable {
    package var outcome: CallReport.Outcome
    var signal: EndpointSignal
    package var billed: Attempt.Billed
    package var usage: TokenUsage?
    /// Azure gave the call to a deployment that is paid by the token.
    var isSpillover = false
}

extension Classified {
    /// The finished call for the job's ledger.
    package func report(
        _ call: StartedCall, of endpoint: EndpointConfiguration, end: Timestamp, statusCode: Int?,
        upstreamRequestID: String? = nil
    ) -> CallReport {
        CallReport(
            endpoint: endpoint.name, region: endpoint.region,
            tier: isSpillover ? EndpointConfiguration.Tier.standard.rawValue : endpoint.tier.rawValue,
            startedAt: call.start, endedAt: end, statusCode: statusCode, upstreamRequestID: upstreamRequestID,
            usage: usage, billed: billed, outcome: outcome)
    }
}

/// Reads an HTTP answer. The table is docs/outcomes.md.
package enum ClassifyAnswer {
    package static func classify(_ response: CurlResponse, endpoint: EndpointConfiguration, now: Timestamp)
        -> Classified
    {
        let json = try? JSONObject(parsing: response.body)
        if 200..<300 ~= response.status { return answered(response, json, endpoint) }
        let error = UpstreamError(status: response.status, json)
        let wait = RetryAfter.wait(response.headers, now: now)
        let answer =
            json == nil ? nil : JobResult(statusCode: response.status, body: response.body, endpoint: endpoint.name)

        func failure(
            _ reason: String, _ remedy: CallFailure.Remedy, _ signal: EndpointSignal, counted: Bool = true,
            endpointsFault: Bool = false, billed: Attempt.Billed = .no
        ) -> Classified {
            let failure = CallFailure(
                reason: reason, remedy: remedy, isCounted: counted, isEndpointsFault: endpointsFault,
                retryAfter: wait, error: error.jobError, answer: answer)
            return Classified(outcome: .failed(failure), signal: signal, billed: billed, usage: nil)
        }
        func misconfigured(_ reason: String, counted: Bool = true) -> Classified {
            failure(reason, .retry, .misconfigured(reason), counted: counted, endpointsFault: true)
        }

        switch (response.status, error.reason) {
        // Paid up to its limit: no wait of seconds opens it again.
        case (429, _) where error.jobError.code == "insufficient_quota":
            return misconfigured("quota_exhausted", counted: false)
        case (429, _): return failure("throttled", .retry, .throttled(for: wait), counted: false)
        case (401, _): return failure("unauthorized", .retry, .unauthorized, endpointsFault: true)
        case (403, _): return misconfigured("forbidden")
        // Intermittent: the region that made the parent may not be the one that was asked.
        case (400, "previous_response_not_found"), (404, "previous_response_not_found"):
            return failure("previous_response_not_found", .retry, .silent)
        // Of an endpoint that serves every model: the client's word for one was wrong.
        case (404, _) where endpoint.model == nil && error.jobError.code == "model_not_found":
            return failure("model_not_found", .retry, .silent)
        case (404, _): return misconfigured("deployment_not_found")
        // Turned away unread, and perhaps again and again until a larger one has room: no fault of the job.
        case (400, "context_length_exceeded"):
            return failure("context_length_exceeded", .larger, .healthy, counted: false)
        case (408, _), (504, _): return failure("upstream_timeout", .retry, .unhealthy(), billed: .maybe)
        case (409, _): return failure("conflict", .retry, .silent)
        case (500...599, _): return failure("server_error", .retry, .unhealthy(restFor: wait))
        case (300..<400, _): return misconfigured("redirected")
        default: return failure(error.reason, .giveUp, .healthy)
        }
    }

    private static func answered(
        _ response: CurlResponse, _ json: JSONObject?, _ endpoint: EndpointConfiguration
    ) -> Classified {
        func nonsense(_ reason: String, _ message: String) -> Classified {
            let failure = CallFailure(
                reason: reason, remedy: .retry, error: JobError(code: reason, message: message, type: "server_error"))
            return Classified(outcome: .failed(failure), signal: .unhealthy(), billed: .maybe, usage: nil)
        }
        guard let json else { return nonsense("invalid_answer", "the endpoint's answer is not JSON") }
        guard json["error"]?.isNull ?? true else {
            return nonsense("error_in_answer", "the endpoint answered \(response.status) with an error")
        }
        guard json["choices"]?.array?.isEmpty != true else {
            return nonsense("empty_answer", "the endpoint answered without any choice")
        }
        let result = JobResult(
            statusCode: response.status, body: response.body, endpoint: endpoint.name,
            isReusable: response.status == 200 && isComplete(json))
        let isSpillover =
            response.headers["x-ms-spillover-from-deployment"] != nil
            || response.headers["x-ms-is-spilled-over"] == "true"
        return Classified(
            outcome: .answered(result), signal: isSpillover ? .spilledOver : .healthy, billed: .yes,
            usage: json["usage"]?.object.flatMap(TokenUsage.init(upstream:)), isSpillover: isSpillover)
    }

    /// Cut off by a limit or by a filter, an answer is the client's, but nobody else's.
    private static func isComplete(_ json: JSONObject) -> Bool {
        if let status = json["status"]?.string { return status == "completed" }
        guard let choices = json["choices"]?.array else { return true }
        return choices.allSatisfy { choice in
            ["stop", "tool_calls", "function_call"].contains(choice.object?["finish_reason"]?.string ?? "")
        }
    }
}
