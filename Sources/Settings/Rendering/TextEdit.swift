import JobFlow

/// One replacement in a text, by byte offsets.
struct TextEdit: Equatable {
    var range: Range<Int>
    var text: String

    /// A new first member of the object whose brace stands at `start`.
    static func member(_ name: String, _ value: String, in object: JSONObject, at start: Int) -> TextEdit {
        let comma = object.members.isEmpty ? "" : ","
        return TextEdit(range: start + 1..<start + 1, text: "\(PrettyJSON.quoted(name)):\(value)\(comma)")
    }

    /// Applies edits that do not overlap.
    static func apply(_ edits: [TextEdit], to bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for edit in edits.sorted(by: { $0.range.lowerBound > $1.range.lowerBound }) {
            result.replaceSubrange(edit.range, with: Array(edit.text.utf8))
        }
        return result
    }
}
