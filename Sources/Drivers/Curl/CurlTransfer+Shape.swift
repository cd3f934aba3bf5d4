import CCurl

extension CurlTransfer {
    /// What requests to the same endpoint have in common. Its options stay with a transfer from one request to the next.
    struct Shape: Equatable {
        var method: String
        var hasBody: Bool
        var ca: String?
        var signature: CurlRequest.Signature?

        init(_ request: CurlRequest) {
            method = request.method
            hasBody = !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method)
            ca = request.ca
            signature = request.signature
        }
    }

    /// Per running transfer; a longer answer takes a few reads.
    private static let receiveBufferBytes = 2 << 10

    func setShape(_ new: Shape, _ configuration: CurlConfiguration) throws(CurlError) {
        if new == shape { return }
        if shape != nil { unsafe ccurl_forget_options(handle) }
        try setRules()
        try setConnection(configuration)
        if new.method == "HEAD" { try set(CURLOPT_NOBODY, 1) } else { try set(CURLOPT_CUSTOMREQUEST, new.method) }
        if let ca = new.ca { try set(CURLOPT_CAINFO, ca) }
        if let signature = new.signature {
            try set(CURLOPT_AWS_SIGV4, signature.scope)
            try set(CURLOPT_USERNAME, signature.key)
            try set(CURLOPT_PASSWORD, signature.secret)
        }
        shape = new
    }

    /// What holds for every request.
    private func setRules() throws(CurlError) {
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_PROXY, "")  // not from the environment
        try set(CURLOPT_FOLLOWLOCATION, 0)
        try set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a transfer that still looks up its host blocks the loop until the look-up is over.
        try set(CURLOPT_QUICK_EXIT, 1)
        try set(CURLOPT_BUFFERSIZE, Self.receiveBufferBytes)
        try set(CURLOPT_UPLOAD_BUFFERSIZE, Self.receiveBufferBytes)
        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 30)
        try set(CURLOPT_TCP_KEEPINTVL, 15)
    }

    private func setConnection(_ configuration: CurlConfiguration) throws(CurlError) {
        try set(CURLOPT_HTTP_VERSION, configuration.http2 ? http2OverTLS : http11)
        try set(CURLOPT_PIPEWAIT, configuration.http2 ? 1 : 0)
        try set(CURLOPT_USERAGENT, configuration.userAgent)
    }
}

// MARK: - One option

extension CurlTransfer {
    func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(unsafe ccurl_set_long(handle, option, value), "option \(option.rawValue)")
    }

    func set(_ option: CURLoption, _ value: String) throws(CurlError) {
        let code = unsafe value.withCString { unsafe ccurl_set_string(handle, option, $0) }
        try check(code, "option \(option.rawValue)")
    }

    func check(_ code: CURLcode, _ what: @autoclosure () -> String) throws(CurlError) {
        guard code != CURLE_OK else { return }
        let text = unsafe String(cString: curl_easy_strerror(code))
        throw CurlError(
            kind: code == CURLE_OUT_OF_MEMORY ? .other : .invalidRequest, code: Int32(code.rawValue),
            message: "libcurl refused \(what()): \(text)", requestWasSent: false)
    }
}

private let http11 = Int(CURL_HTTP_VERSION_1_1)
private let http2OverTLS = Int(CURL_HTTP_VERSION_2TLS)
