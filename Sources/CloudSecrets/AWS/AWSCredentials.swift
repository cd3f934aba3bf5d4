import FoundationEssentials
package import JobFlow

/// What signs a request to AWS. Prints as redacted.
package struct AWSCredentials: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    /// They are renewed so long before they end.
    static let margin = Duration.seconds(300)

    let accessKey: String
    let secretKey: String
    /// Of temporary ones.
    let sessionToken: String?
    /// Nil: until somebody takes them away.
    let expiresAt: Timestamp?

    package init(accessKey: String, secretKey: String, sessionToken: String? = nil, expiresAt: Timestamp? = nil) {
        self.accessKey = accessKey
        self.secretKey = secretKey
        self.sessionToken = sessionToken
        self.expiresAt = expiresAt
    }

    package var description: String { "redacted" }
    package var debugDescription: String { description }

    func isFresh(at now: Timestamp) -> Bool { expiresAt.map { $0 - now > Self.margin } ?? true }
    func isValid(at now: Timestamp) -> Bool { expiresAt.map { $0 > now } ?? true }
}

extension AWSCredentials {
    /// As containers and instances are told them.
    init?(_ object: JSONObject) {
        guard let access = object["AccessKeyId"]?.string, let secret = object["SecretAccessKey"]?.string else {
            return nil
        }
        self.init(
            accessKey: access, secretKey: secret, sessionToken: object["Token"]?.string,
            expiresAt: object["Expiration"]?.string.flatMap(Self.time))
    }

    /// As the token service answers, in XML.
    init?(xml: String) {
        guard let access = XMLText.element("AccessKeyId", in: xml),
            let secret = XMLText.element("SecretAccessKey", in: xml),
            let token = XMLText.element("SessionToken", in: xml)
        else { return nil }
        self.init(
            accessKey: access, secretKey: secret, sessionToken: token,
            expiresAt: XMLText.element("Expiration", in: xml).flatMap(Self.time))
    }

    private static func time(_ text: String) -> Timestamp? {
        let strict = try? Date(text, strategy: .iso8601)
        let fractional = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return (strict ?? fractional).map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970 * 1000)) }
    }
}
