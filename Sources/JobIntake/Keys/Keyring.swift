import Crypto
import HTTPTypes
import JobFlow

/// A key that worker.json knows: not itself, but its hash.
package struct IntakeKey: Sendable, Equatable {
    package var caller: Caller
    /// SHA-256 of the key.
    package var digest: [UInt8]

    package init(caller: Caller, digest: [UInt8]) {
        self.caller = caller
        self.digest = digest
    }

    /// Reads `sha256:` and 64 hexadecimal digits; nil for anything else.
    package static func digest(of text: String) -> [UInt8]? {
        let hex = Array(text.utf8.dropFirst("sha256:".utf8.count))
        guard text.hasPrefix("sha256:"), hex.count == 64 else { return nil }
        let bytes = stride(from: 0, to: 64, by: 2).compactMap { index in
            UInt8(String(decoding: hex[index...index + 1], as: UTF8.self), radix: 16)
        }
        return bytes.count == 32 ? bytes : nil
    }

    package static func hash(_ key: String) -> String {
        var digest = SHA256()
        digest.update(data: Array(key.utf8))
        return "sha256:" + digest.hexadecimal()
    }
}

/// Finds out who a request is from. Several keys may belong to one caller, so that they can be changed one after the other.
struct Keyring: Sendable {
    let keys: [IntakeKey]

    /// - Throws: 401 when there are keys, and the request has none of them.
    func caller(_ headers: HTTPFields) throws(IntakeProblem) -> Caller {
        guard !keys.isEmpty else { return .anybody }
        guard let key = Self.key(headers) else { throw .keyMissing }
        let digest = Array(SHA256.hash(data: Array(key.utf8)))
        // All of them, whichever it is: the time tells nothing.
        var found: Caller?
        for known in keys where Self.areEqual(known.digest, digest) { found = known.caller }
        guard let found else { throw .keyRefused }
        return found
    }

    /// `Authorization: Bearer`, or Azure's `api-key`.
    private static func key(_ headers: HTTPFields) -> String? {
        if let key = headers[.apiKey] { return key }
        guard let value = headers[.authorization], value.lowercased().hasPrefix("bearer ") else { return nil }
        return String(value.dropFirst("bearer ".count))
    }

    private static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension IntakeProblem {
    static let keyMissing = IntakeProblem(
        .unauthorized, type: "authentication_error", code: "missing_api_key",
        "This server asks for a key: Authorization: Bearer KEY, or api-key: KEY.")

    static let keyRefused = IntakeProblem(
        .unauthorized, type: "authentication_error", code: "invalid_api_key", "This server does not know that key.")

    static func scopeMissing(_ scope: Caller.Scope) -> IntakeProblem {
        IntakeProblem(
            .forbidden, type: "authentication_error", code: "missing_scope",
            "The key does not have the scope \(scope.rawValue), which this asks for.")
    }

    static func rateLimited(_ wait: Duration) -> IntakeProblem {
        IntakeProblem(
            .tooManyRequests, type: "rate_limit_error", code: "rate_limit_exceeded",
            "The key has used up what it may at the moment. Send the request again later.",
            retry: .after(milliseconds: Int(max(1, min(wait.wholeMilliseconds, 120_000)))))
    }
}
