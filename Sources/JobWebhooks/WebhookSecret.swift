import Crypto
import FoundationEssentials

/// A key that signs webhooks, `whsec_` and the base64 of 24 to 64 random bytes (Standard Webhooks). No log line shows it.
package struct WebhookSecret: Sendable {
    private let key: SymmetricKey

    /// Nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst(6))),
            24...64 ~= bytes.count
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// `v1,` and the base64 of an HMAC-SHA256 over `<id>.<timestamp>.<body>`.
    func signature(id: String, timestamp: String, body: [UInt8]) -> String {
        var code = HMAC<SHA256>(key: key)
        code.update(data: Data("\(id).\(timestamp).".utf8))
        code.update(data: body)
        return "v1," + Data(code.finalize()).base64EncodedString()
    }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    package var description: String { "redacted" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
