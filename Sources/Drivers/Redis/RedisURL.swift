/// A Redis URL cut into its parts. Errors name a part and never repeat what may be a password.
struct RedisURL {
    private let usesTLS: Bool
    private var credentials: Substring?
    private var address: Substring
    private var path: Substring = ""
    private var query: Substring = ""

    init(_ url: String) throws(RedisError) {
        guard let schemeEnd = url.firstRange(of: "://") else {
            throw .url("scheme is missing; it must begin with redis:// or rediss://")
        }
        switch url[..<schemeEnd.lowerBound].lowercased() {
        case "redis": usesTLS = false
        case "rediss": usesTLS = true
        default: throw .url("scheme is unknown; it must be redis or rediss")
        }
        address = url[schemeEnd.upperBound...]
        if let mark = address.firstIndex(of: "?") {
            query = address[mark...].dropFirst()
            address = address[..<mark]
        }
        // The last @, because people forget to encode one in a password; a slash before it belongs there too.
        if let at = address.lastIndex(of: "@") {
            credentials = address[..<at]
            address = address[at...].dropFirst()
        }
        if let slash = address.firstIndex(of: "/") {
            path = address[slash...].dropFirst()
            address = address[..<slash]
        }
    }

    func configuration() throws(RedisError) -> RedisConfiguration {
        let (host, port) = try splitAddress()
        var configuration = RedisConfiguration(host: host)
        configuration.port = port
        configuration.usesTLS = usesTLS
        (configuration.user, configuration.password) = try splitCredentials()
        configuration.database = try parseDatabase()
        configuration.authorityFile = try parseQuery()
        return configuration
    }

    private func splitAddress() throws(RedisError) -> (host: String, port: Int) {
        var host = address
        var rest: Substring = ""
        if address.hasPrefix("[") {
            guard let close = address.firstIndex(of: "]") else { throw .url("host lacks the closing bracket of IPv6") }
            host = address[..<close].dropFirst()
            rest = address[close...].dropFirst()
        } else if let colon = address.firstIndex(of: ":") {
            host = address[..<colon]
            rest = address[colon...]
        }
        guard !host.isEmpty else { throw .url("host is missing") }
        return (String(host), try parsePort(rest))
    }

    private func parsePort(_ text: Substring) throws(RedisError) -> Int {
        if text.isEmpty { return 6379 }
        guard text.first == ":", let port = Int(text.dropFirst()), (1...65535).contains(port) else {
            throw .url("port is not a number from 1 to 65535 (an IPv6 host must stand in brackets)")
        }
        return port
    }

    private func splitCredentials() throws(RedisError) -> (user: String?, password: String?) {
        guard let credentials else { return (nil, nil) }
        guard let colon = credentials.firstIndex(of: ":") else {
            throw .url("password is missing; credentials must read user:password@ or :password@")
        }
        let user = try percentDecoded(credentials[..<colon], part: "user")
        let password = try percentDecoded(credentials[colon...].dropFirst(), part: "password")
        guard !password.isEmpty else { throw .url("password is empty") }
        return (user.isEmpty ? nil : user, password)
    }

    private func parseDatabase() throws(RedisError) -> Int {
        if path.isEmpty { return 0 }
        guard let database = Int(path), database >= 0 else {
            throw .url("database (the path) is not a number from 0 on")
        }
        return database
    }

    private func parseQuery() throws(RedisError) -> String? {
        if query.isEmpty { return nil }
        guard query.hasPrefix("ca=") else { throw .url("query is unknown; only ca=FILE is allowed") }
        guard usesTLS else { throw .url("query ca=FILE is allowed with rediss:// only") }
        let file = try percentDecoded(query.dropFirst(3), part: "ca")
        guard !file.isEmpty, !file.contains("&") else { throw .url("query ca must name one file") }
        return file
    }

    private func percentDecoded(_ text: Substring, part: String) throws(RedisError) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let decoded = hexByte(rest.prefix(2)) else {
                throw .url("\(part) has a % that is not followed by two hexadecimal digits")
            }
            bytes.append(decoded)
            rest = rest.dropFirst(2)
        }
        guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .url("\(part) is not UTF-8") }
        return decoded
    }

    private func hexByte(_ digits: Substring.UTF8View.SubSequence) -> UInt8? {
        let text = Substring(digits)
        guard text.utf8.count == 2, text.allSatisfy(\.isHexDigit) else { return nil }
        return UInt8(text, radix: 16)
    }
}

extension RedisError {
    fileprivate static func url(_ problem: String) -> RedisError {
        RedisError(.invalidURL, "Redis URL: \(problem)")
    }
}
