import HTTPTypes

extension HTTPField.Name {
    static let apiKey = known("api-key")
    static let sluiceJobID = known("x-sluice-job-id")
    static let sluiceAttempt = known("x-sluice-attempt")
    static let requestID = known("x-request-id")
    static let clientRequestID = known("x-ms-client-request-id")
    static let apimRequestID = known("apim-request-id")
    static let region = known("x-ms-region")
    static let deploymentName = known("x-ms-deployment-name")
    static let retryAfterMs = known("retry-after-ms")
    static let limitRequests = known("x-ratelimit-limit-requests")
    static let limitTokens = known("x-ratelimit-limit-tokens")
    static let remainingRequests = known("x-ratelimit-remaining-requests")
    static let remainingTokens = known("x-ratelimit-remaining-tokens")

    static let resetRequests = known("x-ratelimit-reset-requests")
    static let resetTokens = known("x-ratelimit-reset-tokens")
    static let spilloverDeployment = known("x-ms-spillover-deployment")
    static let spilloverFrom = known("x-ms-spillover-from-deployment")
    static let spilloverError = known("x-ms-spillover-error")

    private static func known(_ name: StaticString) -> HTTPField.Name {
        guard let field = HTTPField.Name(name.description) else { preconditionFailure("not a header name: \(name)") }
        return field
    }
}
