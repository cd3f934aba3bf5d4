package import Curl
import JobFlow

/// Reads a transfer that brought no answer.
package enum ClassifyFault {
    /// Where the job's deadline left less time than the endpoint has, it was the job that ran out of it: that says nothing
    /// of the endpoint. But not reaching it in the time for that does; and a probe that waited as long found it no better.
    package static func classify(
        _ error: CurlError, hadTime time: Duration, of timeout: Duration, connectTimeout: Duration, isProbe: Bool
    ) -> Classified {
        var classified = classify(error)
        let isJobs = time <= connectTimeout || error.requestWasSent && !isProbe
        if error.kind == .timedOut, time < timeout, isJobs { classified.signal = .silent }
        return classified
    }

    static func classify(_ error: CurlError) -> Classified {
        switch error.kind {
        case .timedOut: error.requestWasSent ? lost("timeout") : unreached("connect_timeout")
        case .unresolvedHost, .connectionFailed, .addressRefused, .tls, .connectionReset, .http2, .other:
            error.requestWasSent ? lost("connection_lost", .unreachable) : unreached("connection_failed")
        case .malformedResponse: lost("invalid_answer")
        case .tooLarge:
            finally("answer_too_large", "the endpoint's answer is larger than allowed", billed: .yes, .healthy)
        // The URL or the key of this endpoint is at fault, not the job: everything else was checked at the intake.
        case .invalidRequest:
            failed(
                "invalid_endpoint", error.message, billed: .no, .misconfigured("invalid_endpoint"), endpointsFault: true
            )
        case .cancelled, .closed:
            Classified(
                outcome: .failed(
                    CallFailure(
                        reason: CallFailure.cancelledReason, remedy: .retry, isCounted: false,
                        error: JobError(code: "cancelled", message: "the call was cancelled", type: "server_error"))),
                signal: .silent, billed: error.requestWasSent ? .maybe : .no)
        }
    }

    /// The endpoint cannot have seen the request.
    private static func unreached(_ reason: String) -> Classified {
        failed(reason, "no endpoint could be reached", billed: .no, .unreachable, endpointsFault: true)
    }

    /// The endpoint may have worked, and may charge for it.
    private static func lost(_ reason: String, _ signal: EndpointSignal = .unhealthy()) -> Classified {
        failed(reason, "the endpoint gave no complete answer", billed: .maybe, signal)
    }

    private static func failed(
        _ reason: String, _ message: String, billed: Attempt.Billed, _ signal: EndpointSignal,
        endpointsFault: Bool = false
    ) -> Classified {
        let failure = CallFailure(
            reason: reason, remedy: .retry, isEndpointsFault: endpointsFault,
            error: JobError(code: reason, message: message, type: "server_error"))
        return Classified(outcome: .failed(failure), signal: signal, billed: billed)
    }

    private static func finally(
        _ reason: String, _ message: String, billed: Attempt.Billed, _ signal: EndpointSignal
    ) -> Classified {
        let failure = CallFailure(
            reason: reason, remedy: .giveUp, error: JobError(code: reason, message: message, type: "server_error"))
        return Classified(outcome: .failed(failure), signal: signal, billed: billed)
    }
}
