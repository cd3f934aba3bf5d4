import Crypto

/// A Lua script, called by its hash so that versions of it live side by side on one server.
package struct RedisScript: Sendable {
    package let name: String
    package let source: String
    /// What EVALSHA calls it by: 40 lower-case hexadecimal digits.
    package let sha1: String

    package init(name: String, source: String) {
        self.name = name
        self.source = source
        self.sha1 = Insecure.SHA1.hash(data: Array(source.utf8))
            .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
