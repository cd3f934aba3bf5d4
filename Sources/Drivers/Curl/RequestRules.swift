/// What a request must satisfy before libcurl sees it. The messages name the field and never repeat a value.
enum RequestRules {
    static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    /// They frame the message, and a second opinion about where it ends is how requests are smuggled.
    static let driverHeaders = ["content-length", "transfer-encoding", "expect"]

    static func check(_ request: CurlRequest) throws(CurlError) {
        guard methods.contains(request.method) else {
            throw .invalidRequest("method must be one of \(methods.sorted().joined(separator: ", "))")
        }
        try checkURL(request.url)
        for (name, value) in request.headers { try checkHeader(name: name, value: value) }
        guard request.body.isEmpty || request.method != "HEAD" else {
            throw .invalidRequest("a HEAD request has no body")
        }
        guard request.maximumResponseBytes > 0 else {
            throw .invalidRequest("maximumResponseBytes must be at least 1")
        }
        guard request.ca?.utf8.contains(0) != true else { throw .invalidRequest("ca must not hold a NUL") }
        guard request.timeout > .zero else { throw .alreadyTimedOut }
    }

    private static func checkURL(_ url: String) throws(CurlError) {
        func starts(with scheme: String) -> Bool { HeaderName.same(url.utf8.prefix(scheme.utf8.count), scheme.utf8) }
        guard starts(with: "http://") || starts(with: "https://") else {
            throw .invalidRequest("url must start with http:// or https://")
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw .invalidRequest("url must not hold spaces or control characters")
        }
    }

    private static func checkHeader(name: String, value: String) throws(CurlError) {
        guard !name.isEmpty, name.utf8.allSatisfy(isTokenByte) else {
            throw .invalidRequest("a header name must be letters, digits and -_.!#$%&'*+^`|~ only")
        }
        guard !driverHeaders.contains(where: { HeaderName.same($0, name) }) else {
            throw .invalidRequest("header \(name) is set by the driver")
        }
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f || $0 == 0x09 }) else {
            throw .invalidRequest("header \(name) holds a control character")
        }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-_.!#$%&'*+^`|~".utf8.contains(byte)
        }
    }
}
