import Curl
import JobFlow

/// Reads a streamed answer that came to an end, whatever that was.
enum ClassifyStream {
    static let broken = "stream_broken"

    static func isStream(_ head: CurlResponse) -> Bool {
        head.status == 200 && head.headers["content-type"]?.hasPrefix("text/event-stream") == true
    }

    /// The connection ended as it should.
    static func classify(
        _ head: CurlResponse, _ stream: AnswerStream, endpoint: EndpointConfiguration, now: Timestamp
    ) -> Classified {
        let whole = CurlResponse(
            status: stream.error.map(status) ?? head.status, headers: head.headers,
            body: stream.error ?? stream.answer ?? [])
        let classified = ClassifyAnswer.classify(whole, endpoint: endpoint, now: now)
        return stream.hasOutput && stream.answer == nil ? afterOutput(classified) : classified
    }

    /// What was given out was worked for, and the client has some of it: the attempt counts, and the next one starts over.
    static func afterOutput(_ classified: Classified) -> Classified {
        guard case .failed(var failure) = classified.outcome, !failure.isCancelled else { return classified }
        var classified = classified
        classified.billed = .maybe
        if failure.remedy != .giveUp {
            failure.reason = broken
            failure.isCounted = true
            failure.isEndpointsFault = false
            failure.error = JobError(
                code: broken, message: "the endpoint's stream broke off", type: "server_error")
        }
        classified.outcome = .failed(failure)
        return classified
    }

    /// The status that the error would have had as an answer of its own.
    private static func status(_ body: [UInt8]) -> Int {
        let error = (try? JSONObject(parsing: body))?["error"]?.object
        if let status = error?["status"]?.int, 400..<600 ~= status { return status }
        let code = error?["code"]?.string ?? error?["code"]?.int.map(String.init) ?? ""
        if let status = Int(code), 400..<600 ~= status { return status }
        switch code.lowercased() {
        case "rate_limit_exceeded", "too_many_requests", "insufficient_quota", "nocapacity": return 429
        case "content_filter", "context_length_exceeded", "invalid_prompt", "previous_response_not_found",
            "string_above_max_length":
            return 400
        case "timeout", "request_timeout": return 408
        default: return error?["type"]?.string == "invalid_request_error" ? 400 : 500
        }
    }
}
