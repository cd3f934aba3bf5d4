import CCurl

extension CurlError {
    /// What libcurl's code means, given how far the exchange had come.
    static func kind(of code: CURLcode, requestWasSent: Bool, tooLarge: Bool, addressRefused: Bool = false) -> Kind {
        if tooLarge { return .tooLarge }
        if addressRefused, code == CURLE_COULDNT_CONNECT { return .addressRefused }
        return switch code {
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unresolvedHost
        case CURLE_COULDNT_CONNECT: .connectionFailed
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE: .connectionReset
        // Only `before_request` aborts, and only after the connection broke under a request.
        case CURLE_ABORTED_BY_CALLBACK: .connectionReset
        case CURLE_FILESIZE_EXCEEDED: .tooLarge
        case CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformedResponse
        // For an answer that is not HTTP/1 too, since libcurl takes it for HTTP/0.9.
        case CURLE_UNSUPPORTED_PROTOCOL: requestWasSent ? .malformedResponse : .invalidRequest
        case CURLE_URL_MALFORMAT: .invalidRequest
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: .http2
        default: tlsCodes.contains(code.rawValue) ? .tls : .other
        }
    }

    private static let tlsCodes: Set<UInt32> = Set(
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_SHUTDOWN_FAILED,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED,
        ].map(\.rawValue))
}
