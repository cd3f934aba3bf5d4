/// The labels of one series, in their exposed form: `endpoint="eastus",outcome="retry"`, sorted by name and escaped.
struct LabelSet: Hashable, Comparable, Sendable {
    /// Longer values are cut: a label is a word, not a document.
    static let maximumValueLength = 256
    static let none = LabelSet([])

    let text: String

    init(_ dimensions: [(String, String)]) {
        if dimensions.isEmpty {
            text = ""
            return
        }
        // A name that stands there twice would spoil the whole scrape; the last one counts.
        var values: [String: String] = [:]
        for (name, value) in dimensions { values[MetricName.label(name)] = value }
        text = values.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escape($0.value))\"" }
            .joined(separator: ",")
    }

    /// The series that stands in for all that found no room.
    static func folded(_ dimensions: [(String, String)]) -> LabelSet {
        LabelSet(dimensions.map { ($0.0, "other") })
    }

    static func < (a: LabelSet, b: LabelSet) -> Bool { a.text < b.text }

    /// `{…}` behind a metric's name; nothing if there are no labels.
    var braced: String { text.isEmpty ? "" : "{\(text)}" }

    /// `{…,le="…"}` of one bucket.
    func braced(upTo bound: String) -> String { text.isEmpty ? "{le=\"\(bound)\"}" : "{\(text),le=\"\(bound)\"}" }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for character in value.unicodeScalars.prefix(maximumValueLength) {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
