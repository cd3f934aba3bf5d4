// Objects are changed as text: what stays is, byte for byte, what it was.

extension JSONObject {
    /// The object without some of its members.
    package func without(_ names: Set<String>) -> [UInt8] {
        var kept: [UInt8] = []
        var start = raw.startIndex + 1
        for (key, value) in members {
            let text = raw[start..<value.raw.endIndex]
            start = value.raw.endIndex
            guard !names.contains(key) else { continue }
            // What comes first has no comma in front.
            kept += kept.isEmpty ? text.drop { $0 != UInt8(ascii: "\"") } : text
        }
        return [UInt8(ascii: "{")] + kept + raw[start...]
    }

    /// The object with this for its `model`, whatever that was.
    package func with(model: String) -> [UInt8] {
        let rest = without(["model"]).dropFirst()
        let member = JSONWriter.object { $0.member("model", model) }.dropLast()
        let isAlone = members.allSatisfy { $0.key == "model" }
        return member + (isAlone ? [] : [UInt8(ascii: ",")]) + rest
    }
}
