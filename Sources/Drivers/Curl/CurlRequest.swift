/// One HTTP request, complete.
package struct CurlRequest: Sendable {
    /// GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.
    package var method: String
    /// Absolute, http or https. Redirects are not followed.
    package var url: String
    /// `Content-Length`, `Transfer-Encoding` and `Expect` belong to the driver and are refused.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    /// For the whole exchange, from `send` to the last byte of the answer.
    package var timeout: Duration
    /// For finding the host, connecting and TLS, and before that for waiting to be let start.
    package var connectTimeout: Duration
    /// A longer body ends the transfer with `tooLarge`.
    package var maximumResponseBytes: Int
    /// The path of a bundle of certificate authorities to trust in place of the system's.
    package var ca: String?
    /// Signed by libcurl (AWS Signature Version 4), if given.
    package var signature: Signature?

    /// Prints as redacted.
    package struct Signature: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
        /// As `CURLOPT_AWS_SIGV4` takes it: `aws:amz:REGION:SERVICE`.
        var scope: String
        var key: String
        var secret: String

        package init(scope: String, key: String, secret: String) {
            self.scope = scope
            self.key = key
            self.secret = secret
        }

        package var description: String { "redacted" }
        package var debugDescription: String { description }
    }

    package init(
        method: String = "POST", url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
        timeout: Duration = .seconds(120), connectTimeout: Duration = .seconds(5),
        maximumResponseBytes: Int = 64 << 20, ca: String? = nil, signature: Signature? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.maximumResponseBytes = maximumResponseBytes
        self.ca = ca
        self.signature = signature
    }
}
