import CCurl

extension CurlTransfer {
    static let maximumHeadBytes = 64 << 10

    /// Sets every option the request needs. The request must have passed `RequestRules`.
    func prepare(_ request: CurlRequest, _ configuration: CurlConfiguration) throws(CurlError) {
        try setShape(Shape(request), configuration)
        try setTarget(request)
        if shape?.hasBody == true { try setBody(request.body) }
        try setHeaders(request)
        unsafe ccurl_set_limits(handle, Self.maximumHeadBytes, request.maximumResponseBytes)
    }

    private func setTarget(_ request: CurlRequest) throws(CurlError) {
        try set(CURLOPT_URL, request.url)
        try set(CURLOPT_TIMEOUT_MS, request.timeout.curlMilliseconds)
        try set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.curlMilliseconds)
        try check(
            unsafe ccurl_set_offset(handle, CURLOPT_MAXFILESIZE_LARGE, Int64(request.maximumResponseBytes)),
            "maximumResponseBytes")
        // Two reads do what one does; of a second write nobody knows.
        unsafe ccurl_set_repeatable(handle, request.method == "GET" || request.method == "HEAD")
    }

    private func setBody(_ body: [UInt8]) throws(CurlError) {
        let code = unsafe body.withUnsafeBufferPointer { body in
            unsafe ccurl_set_body(handle, body.baseAddress, body.count)
        }
        try check(code, "body")
    }

    private func setHeaders(_ request: CurlRequest) throws(CurlError) {
        // libcurl signs every header of this list, also one that only says what not to send.
        if request.signature == nil { try setUsualHeaders(request) }
        for (name, value) in request.headers { try addHeader(name, value) }
        try check(unsafe ccurl_set_headers(handle), "headers")
    }

    /// In place of libcurl's own defaults.
    private func setUsualHeaders(_ request: CurlRequest) throws(CurlError) {
        try removeHeader("Expect")
        if !has("Content-Type", request) { try removeHeader("Content-Type") }
        if !has("Accept-Encoding", request) { try addHeader("Accept-Encoding", "identity") }
    }

    private func has(_ name: String, _ request: CurlRequest) -> Bool {
        request.headers.contains { HeaderName.same($0.name, name) }
    }

    private func removeHeader(_ name: String) throws(CurlError) {
        guard unsafe ccurl_remove_header(handle, name) else { throw .outOfMemory }
    }

    private func addHeader(_ name: String, _ value: String) throws(CurlError) {
        let isAdded = unsafe name.withCString { bytes in
            unsafe value.withCString {
                unsafe ccurl_add_header(handle, bytes, name.utf8.count, $0, value.utf8.count)
            }
        }
        guard isAdded else { throw .outOfMemory }
    }
}
