import FoundationEssentials

extension ValueRule {
    static func isHTTPURL(_ text: String) -> Bool {
        guard let parts = checkedURL(text, schemes: ["http", "https"]) else { return false }
        return parts.user == nil && parts.password == nil && parts.query == nil && parts.fragment == nil
    }

    static func isRedisURL(_ text: String) -> Bool {
        guard let parts = checkedURL(text, schemes: ["redis", "rediss"]) else { return false }
        return isDatabase(parts.path.dropFirst()) && parts.query == nil && parts.fragment == nil
    }

    private static func isDatabase(_ path: Substring) -> Bool {
        path.utf8.count <= 5 && path.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func checkedURL(_ text: String, schemes: [String]) -> URLComponents? {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }),
            let parts = URLComponents(string: text, encodingInvalidCharacters: false),
            let scheme = parts.scheme?.lowercased(), schemes.contains(scheme), let host = parts.host, !host.isEmpty,
            parts.port.map({ (1...65_535).contains($0) }) ?? true
        else { return nil }
        return parts
    }
}

extension String {
    /// The same URL with `***` for user and password. Nothing else is changed, whatever the text is.
    var withoutUserInfo: String {
        guard let at = lastIndex(of: "@") else { return self }
        let start = firstRange(of: "://")?.upperBound ?? startIndex
        guard start <= at else { return self }
        return self[..<start] + "***" + self[at...]
    }
}
