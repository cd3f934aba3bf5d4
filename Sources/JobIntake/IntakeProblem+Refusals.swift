import HTTPTypes
import JobFlow

// The refusals that routes share. Their codes are part of the API: docs/openapi.yaml lists them.

extension IntakeProblem {
    static let journalUnavailable = IntakeProblem(
        .serviceUnavailable, type: "server_error", code: "journal_unavailable",
        "The journal of this server cannot be used at the moment. Send the request again.",
        retry: .after(milliseconds: 1000))

    static let spoolFull = IntakeProblem(
        .serviceUnavailable, type: "server_error", code: "spool_full",
        "The queue cannot be reached, and as many jobs wait for it here as may. Send the request again later.",
        retry: .after(milliseconds: 5000))

    static let queueFull = IntakeProblem(
        .tooManyRequests, type: "rate_limit_error", code: "queue_full",
        "The queue holds as many waiting jobs as it may. Send the request again later.", param: "queue",
        retry: .after(milliseconds: 5000))

    static let callerQueueFull = IntakeProblem(
        .tooManyRequests, type: "rate_limit_error", code: "caller_queue_full",
        "As many of your jobs wait or run as your key may have. Send the request again when some have ended.",
        retry: .after(milliseconds: 5000))

    static let idempotencyConflict = IntakeProblem(
        .conflict, code: "idempotency_conflict", "This idempotency key came with another request before.",
        param: "idempotency_key")

    static let idempotencyKeyUsed = IntakeProblem(
        .conflict, code: "idempotency_key_used",
        "The job of this idempotency key has ended, and its record was kept no longer. Use a new key.",
        param: "idempotency_key")

    static func jobEnded(_ state: JobState) -> IntakeProblem {
        IntakeProblem(.conflict, code: "job_ended", "The job has ended already: it is \(state.rawValue).", param: "id")
    }

    static func jobNotEnded(_ state: JobState) -> IntakeProblem {
        IntakeProblem(.conflict, code: "job_not_ended", "The job has not ended: it is \(state.rawValue).", param: "id")
    }

    static let jobCompleted = IntakeProblem(
        .conflict, code: "job_completed", "The job is completed: there is nothing to try again.", param: "id")

    static func queueNotFound(_ known: [IntakeQueue]) -> IntakeProblem {
        let names = known.map(\.name).joined(separator: ", ")
        return IntakeProblem(
            .notFound, code: "queue_not_found", "There is no queue of that name. The queues are \(names).",
            param: "queue")
    }

    static func endpointNotFound(_ known: [IntakeEndpoint]) -> IntakeProblem {
        let names = known.map(\.name).joined(separator: ", ")
        return IntakeProblem(
            .notFound, code: "endpoint_not_found", "There is no endpoint of that name. The endpoints are \(names).",
            param: "name")
    }

    static let unknownPath = IntakeProblem(.notFound, code: "unknown_path", "There is nothing at this path.")

    static let crossSite = IntakeProblem(
        .forbidden, code: "cross_site_request",
        "A browser sent this request for a page of another site. Only pages of this server may.")
}
