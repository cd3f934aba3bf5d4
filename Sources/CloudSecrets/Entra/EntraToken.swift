package import JobFlow

/// An access token for Azure OpenAI. Prints as redacted.
package struct EntraToken: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Renewed so long before its end: calls that begin with it may wait in a socket for a while.
    static let margin = Duration.seconds(300)

    package let text: String
    package let expiresAt: Timestamp

    package var description: String { "redacted" }
    package var debugDescription: String { description }

    /// Managed identities write numbers as texts.
    init?(_ object: JSONObject, at now: Timestamp) {
        guard let text = object["access_token"]?.string, !text.isEmpty else { return nil }
        func seconds(_ name: String) -> Int64? { object[name]?.int64 ?? object[name]?.string.flatMap { Int64($0) } }
        if let end = seconds("expires_on") {
            expiresAt = Timestamp(milliseconds: end * 1000)
        } else if let span = seconds("expires_in") {
            expiresAt = now + .seconds(span)
        } else {
            return nil
        }
        self.text = text
    }

    func isFresh(at now: Timestamp) -> Bool { expiresAt - now > Self.margin }
}
