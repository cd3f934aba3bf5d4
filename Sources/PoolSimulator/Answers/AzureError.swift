import HTTPTypes
import NIOCore

/// An error answer in Azure's words: a client decides by status, `code` and message, so these are its originals.
struct AzureError: Sendable {
    let status: HTTPResponse.Status
    let body: ByteBuffer

    private init(_ status: HTTPResponse.Status, _ json: String) {
        self.status = status
        body = ByteBuffer(string: json)
    }

    private init(
        _ status: HTTPResponse.Status, code: String?, type: String? = nil, param: String? = nil, _ text: String
    ) {
        self.status = status
        let error: [String: AdminValue] = [
            "code": code.map { .string($0) } ?? .null, "message": .string(text),
            "param": param.map { .string($0) } ?? .null, "type": type.map { .string($0) } ?? .null,
        ]
        body = AdminValue.object(["error": .object(error)]).json
    }

    init(_ refusal: Refusal, promptTokens: Int) {
        switch refusal {
        case .unauthorized:
            self.init(
                .unauthorized, code: "401",
                """
                Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key \
                for an active subscription and use a correct regional API endpoint for your resource.
                """)
        case .malformedBody(let reason):
            self.init(
                .badRequest, code: nil, type: "invalid_request_error",
                "We could not parse the JSON body of your request. (\(reason))")
        case .bodyTooLarge:
            self.init(.contentTooLarge, code: "413", type: "invalid_request_error", "The request body is too large.")
        case .missingModel:
            self.init(
                .badRequest, code: nil, type: "invalid_request_error", param: "model",
                "you must provide a model parameter")
        case .unknownDeployment:
            self.init(
                .notFound, code: "DeploymentNotFound",
                """
                The API deployment for this resource does not exist. If you created the deployment within the last 5 \
                minutes, please wait a moment and try again.
                """)
        case .tooManyInputs:
            self.init(
                .badRequest, code: nil, type: "invalid_request_error", param: "input",
                "'input' must have 1 to \(AnswerFacts.mostInputs) elements.")
        case .contentFilter: self.init(.badRequest, Self.contentFilter)
        case .contextLength: self.init(tooLong: 128_000 + promptTokens, limit: 128_000)
        case .promptTooLong(let limit): self.init(tooLong: promptTokens, limit: limit)
        }
    }

    private init(tooLong promptTokens: Int, limit: Int) {
        self.init(
            .badRequest, code: "context_length_exceeded", type: "invalid_request_error", param: "messages",
            """
            This model's maximum context length is \(limit) tokens. However, your messages resulted in \
            \(promptTokens) tokens. Please reduce the length of the messages.
            """)
    }

    /// A call that the endpoint has no room for now.
    init(throttled operation: ModelOperation, retryAfterMs: Int, reason: ThrottleReason) {
        let seconds = (retryAfterMs + 999) / 1000
        let wait = "Please retry after \(seconds) second\(seconds == 1 ? "" : "s")."
        self.init(.tooManyRequests, code: "429", "\(Self.cause(reason, operation)) \(wait)")
    }

    private static func cause(_ reason: ThrottleReason, _ operation: ModelOperation) -> String {
        switch reason {
        case .noCapacity: return "Flex processing has no capacity for this request at the moment."
        case .tokens, .requests:
            let limit = reason == .tokens ? "token" : "call"
            return """
                Requests to the \(operation.azureName) Operation under Azure OpenAI API have exceeded \(limit) rate \
                limit of your current pricing tier.
                """
        }
    }

    /// A failure that was asked for.
    init(status: Int) {
        switch status {
        case 401: self.init(.unauthorized, promptTokens: 0)
        case 404: self.init(.unknownDeployment, promptTokens: 0)
        case 408: self.init(.requestTimeout, code: "Timeout", "The operation was timeout.")
        case 503:
            self.init(
                .serviceUnavailable, code: "ServiceUnavailable", type: "server_error",
                "The service is temporarily unable to process your request. Please try again later.")
        case 500...599:
            self.init(
                HTTPResponse.Status(code: status), code: "InternalServerError", type: "server_error",
                "The server had an error processing your request. Sorry about that! You can retry your request.")
        default:
            self.init(
                HTTPResponse.Status(code: status), code: "\(status)", type: "invalid_request_error",
                "The request was refused.")
        }
    }

    /// No such path below the endpoint.
    static let unknownPath = AzureError(.notFound, code: "404", "Resource not found")
    static let wrongMethod = AzureError(.methodNotAllowed, code: "405", "Method not allowed")

    private static let contentFilter = """
        {"error":{"message":"The response was filtered due to the prompt triggering Azure OpenAI's content management \
        policy. Please modify your prompt and retry. To learn more about our content filtering policies please read \
        our documentation: https://go.microsoft.com/fwlink/?linkid=2198766","type":null,"param":"prompt",\
        "code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation",\
        "content_filter_result":{"hate":{"filtered":false,"severity":"safe"},\
        "jailbreak":{"filtered":false,"detected":false},"self_harm":{"filtered":false,"severity":"safe"},\
        "sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":true,"severity":"high"}}}}}
        """
}
