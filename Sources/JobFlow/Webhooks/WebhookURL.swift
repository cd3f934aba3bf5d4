/// Where a client wants to be told of a job's end: an absolute `http` or `https` URL with a host and without user and
/// password. It is kept and called as it was written.
package struct WebhookURL: Hashable, Sendable, CustomStringConvertible {
    package static let longest = 2048

    package let description: String

    /// Completes the sentence "has to be …".
    package static let allowed =
        "an http or https URL of at most \(longest) characters, with a host, without user, password and fragment"

    package init?(_ text: String) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != 0x5c }),
            let authority = Self.authority(of: text), Self.isAuthority(authority), !text.utf8.contains(0x23)
        else { return nil }
        description = text
    }

    /// Host and port in lower case: those with the same share a limit.
    package var host: String { (Self.authority(of: description) ?? "").lowercased() }

    /// The address, where the URL names one instead of a host.
    package var address: NetworkAddress? {
        let host = host
        if host.hasPrefix("[") { return NetworkAddress(host.dropFirst().prefix { $0 != "]" }) }
        return NetworkAddress(host.prefix { $0 != ":" })
    }

    private static func authority(of text: String) -> Substring? {
        for scheme in ["http://", "https://"] where text.prefix(scheme.count).lowercased() == scheme {
            return text.dropFirst(scheme.count).prefix { !"/?".contains($0) }
        }
        return nil
    }

    private static func isAuthority(_ text: Substring) -> Bool {
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return false }
            return NetworkAddress(text[..<end].dropFirst()) != nil && isPort(text[end...].dropFirst())
        }
        let host = text.prefix { $0 != ":" }
        return (1...253).contains(host.utf8.count) && host.utf8.allSatisfy(isHostByte)
            && isPort(text[host.endIndex...])
    }

    /// Nothing, or a colon and a number.
    private static func isPort(_ text: Substring) -> Bool {
        guard !text.isEmpty else { return true }
        let digits = text.dropFirst()
        return text.hasPrefix(":") && digits.utf8.count <= 5 && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (1...65_535).contains(Int(digits) ?? 0)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
