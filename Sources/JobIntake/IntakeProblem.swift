import HTTPTypes
import JobFlow

/// Why a request is refused: the one error shape of every route (the OpenAI one). Holds no part of a prompt or a key.
struct IntakeProblem: Error, Sendable, Equatable {
    var status: HTTPResponse.Status
    var type: String
    var code: String
    var message: String
    /// The field at fault.
    var param: String?
    var retry: Retry
    /// The methods that the path knows, for a 405.
    var allow: String?

    enum Retry: Sendable, Equatable {
        /// The same request will be refused again.
        case never
        case after(milliseconds: Int)
        /// We cannot tell.
        case unknown
    }

    init(
        _ status: HTTPResponse.Status, type: String = "invalid_request_error", code: String, _ message: String,
        param: String? = nil, retry: Retry = .never, allow: String? = nil
    ) {
        self.status = status
        self.type = type
        self.code = code
        self.message = message
        self.param = param
        self.retry = retry
        self.allow = allow
    }

    var body: [UInt8] {
        JSONWriter.object { json in
            json.member(
                "error",
                object: { error in
                    error.member("message", message)
                    error.member("type", type)
                    error.member("param", param)
                    error.member("code", code)
                })
        }
    }

    var headers: HTTPFields {
        var fields: HTTPFields = [:]
        if let allow { fields[.allow] = allow }
        switch retry {
        case .never: fields[.shouldRetry] = "false"
        case .after(let milliseconds):
            fields[.retryAfter] = String((milliseconds + 999) / 1000)
            fields[.retryAfterMilliseconds] = String(milliseconds)
        case .unknown: break
        }
        return fields
    }
}

extension IntakeProblem {
    /// A field that is not what it has to be.
    static func field(_ name: String, _ message: String, code: String = "invalid_value") -> IntakeProblem {
        IntakeProblem(.badRequest, code: code, message, param: name)
    }

    /// A body that is not even a JSON object.
    static func body(_ message: String, code: String) -> IntakeProblem {
        IntakeProblem(.badRequest, code: code, message)
    }

    static let jobNotFound = IntakeProblem(.notFound, code: "job_not_found", "There is no job of that id.", param: "id")

    static let requestTimeout = IntakeProblem(
        .requestTimeout, code: "request_timeout", "The request did not arrive completely in time.", retry: .unknown)

    static let malformedRequest = IntakeProblem(
        .badRequest, code: "malformed_request",
        "This is not a valid HTTP/1.1 request, or its header fields are larger than 80 KiB.")

    static let internalError = IntakeProblem(
        .internalServerError, type: "server_error", code: "internal_error",
        "The server failed. Its log says more under the x-request-id of this response.", retry: .unknown)

    static let unavailable = IntakeProblem(
        .serviceUnavailable, type: "server_error", code: "queue_unavailable",
        "The queue cannot be reached at the moment. Send the request again.", retry: .after(milliseconds: 1000))

    /// Says nothing of the store's own words: they may name hosts.
    init(_ error: StoreError) {
        self = error.isRetriable || error.code == .cancelled ? .unavailable : .internalError
    }
}
