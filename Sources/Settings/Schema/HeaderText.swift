import Foundation

/// HTTP headers in one text, as `OTEL_EXPORTER_OTLP_HEADERS` has them: `name=value,name=value`, values percent-encoded
/// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
enum HeaderText {
    /// What the exporter itself says in each request.
    private static let ours: Set<String> = [
        "content-type", "content-length", "content-encoding", "transfer-encoding", "host", "connection",
    ]
    private static let nameMarks = Set("!#$%&'*+-.^_`|~".utf8)

    /// The headers in their order; nil where the text is not such a list.
    static func parse(_ text: String) -> [(name: String, value: String)]? {
        var headers: [(name: String, value: String)] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let header = header(part), !headers.contains(where: { $0.name == header.name }) else { return nil }
            headers.append(header)
        }
        return headers
    }

    private static func header(_ part: Substring) -> (name: String, value: String)? {
        guard let mark = part.firstIndex(of: "=") else { return nil }
        let name = trimmed(part[..<mark]).lowercased()
        // Nil where a % has no two digits behind it.
        guard let value = trimmed(part[mark...].dropFirst()).removingPercentEncoding else { return nil }
        guard isName(name), !ours.contains(name), isValue(value) else { return nil }
        return (name, value)
    }

    private static func trimmed(_ text: Substring) -> String { text.trimmingCharacters(in: .whitespaces) }

    /// A token of RFC 9110.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                0x61...0x7a ~= $0 || 0x30...0x39 ~= $0 || nameMarks.contains($0)
            }
    }

    /// A line end in it would end the header.
    private static func isValue(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.allSatisfy { (0x20...0x7e).contains($0) }
    }
}
