/// Why there is no answer.
package struct CurlError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: String, Sendable, CaseIterable {
        case unresolvedHost, connectionFailed, tls, timedOut
        /// The host has no address that `CurlConfiguration.mayConnect` permits.
        case addressRefused
        /// The connection broke, or was closed before the answer was complete.
        case connectionReset
        case tooLarge, malformedResponse, http2, invalidRequest
        /// The task was cancelled.
        case cancelled
        /// The client was shut down.
        case closed
        case other
    }

    package var kind: Kind
    /// The CURLcode; 0 when the error is the driver's own.
    package var code: Int32
    /// For an operator: never a URL, a header value or a body.
    package var message: String
    /// False only when no server can have seen any of the request.
    package var requestWasSent: Bool

    package init(kind: Kind, code: Int32 = 0, message: String, requestWasSent: Bool) {
        self.kind = kind
        self.code = code
        self.message = message
        self.requestWasSent = requestWasSent
    }

    package var description: String {
        "\(kind.rawValue) (\(code)): \(message)\(requestWasSent ? "; the request may have been seen" : "")"
    }
}

extension CurlError {
    static func invalidRequest(_ message: String) -> Self {
        Self(kind: .invalidRequest, message: message, requestWasSent: false)
    }

    static let alreadyTimedOut = Self(
        kind: .timedOut, message: "the timeout had passed before the start", requestWasSent: false)

    static let outOfMemory = Self(kind: .other, message: "out of memory", requestWasSent: false)
}
