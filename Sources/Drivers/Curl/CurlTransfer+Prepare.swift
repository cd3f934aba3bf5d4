import CCurl

extension CurlTransfer {
    static let maximumHeadBytes = 64 << 10
    /// Per running transfer; an answer of a few KB is one read.
    static let receiveBufferBytes = 16 << 10

    /// Sets every option the request needs. The request must have passed `RequestRules`.
    func prepare(_ request: CurlRequest, _ configuration: CurlConfiguration) throws(CurlError) {
        try setRules()
        try setConnection(configuration)
        try setTarget(request)
        try setHeaders(request)
        unsafe ccurl_set_limits(handle, Self.maximumHeadBytes, request.maximumResponseBytes)
        // Two reads do what one does; of a second write nobody knows.
        unsafe ccurl_set_repeatable(handle, request.method == "GET" || request.method == "HEAD")
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

    private func setTarget(_ request: CurlRequest) throws(CurlError) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        try check(
            unsafe ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, Int64(request.maximumResponseBytes)),
            "maximumResponseBytes")
        if let ca = request.ca { try set(CURLOPT_CAINFO, ca) }
        try setMethodAndBody(request)
    }

    private func setMethodAndBody(_ request: CurlRequest) throws(CurlError) {
        if request.method == "HEAD" { return try set(CURLOPT_NOBODY, 1) }
        if !request.body.isEmpty || ["POST", "PUT", "PATCH"].contains(request.method) {
            let code = unsafe request.body.withUnsafeBufferPointer { body in
                unsafe ccurl_set_body(handle, body.baseAddress, body.count)
            }
            try check(code, "body")
        }
        try set(CURLOPT_CUSTOMREQUEST, request.method)
    }

    private func setHeaders(_ request: CurlRequest) throws(CurlError) {
        // libcurl's own defaults: an empty value takes a header away.
        for line in ["Expect:", "Content-Type:"] where !has(line.dropLast(), request) { try addHeader(line) }
        if !has("Accept-Encoding", request) { try addHeader("Accept-Encoding: identity") }
        for (name, value) in request.headers {
            let isEmpty = value.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 }
            try addHeader(isEmpty ? "\(name);" : "\(name): \(value)")
        }
    }

    private func has(_ name: some StringProtocol, _ request: CurlRequest) -> Bool {
        request.headers.contains { $0.name.lowercased() == name.lowercased() }
    }

    private func addHeader(_ line: String) throws(CurlError) {
        try check(unsafe ccurl_add_header(handle, line), "headers")
    }

    private func set(_ option: CURLoption, _ value: Int) throws(CurlError) {
        try check(unsafe ccurl_set_long(handle, option, value), "option \(option.rawValue)")
    }

    private func set(_ option: CURLoption, _ value: String) throws(CurlError) {
        try check(unsafe ccurl_set_string(handle, option, value), "option \(option.rawValue)")
    }

    private func check(_ code: CURLcode, _ what: String) throws(CurlError) {
        guard code != CURLE_OK else { return }
        let text = unsafe String(cString: curl_easy_strerror(code))
        throw CurlError(
            kind: code == CURLE_OUT_OF_MEMORY ? .other : .invalidRequest, code: Int32(code.rawValue),
            message: "libcurl refused \(what): \(text)", requestWasSent: false)
    }
}

private let http11 = Int(CURL_HTTP_VERSION_1_1)
private let http2OverTLS = Int(CURL_HTTP_VERSION_2TLS)
