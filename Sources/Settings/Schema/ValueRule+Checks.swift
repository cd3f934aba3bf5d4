import Configuration
import JobFlow

extension ValueRule {
    /// The value as a provider keeps it; nil when the key may not hold it.
    func content(of json: JSONValue) -> ConfigContent? {
        switch self {
        case .integer(let range): json.int.flatMap { range.contains($0) ? .int($0) : nil }
        case .number(let range): json.double.flatMap { range.contains($0) ? .double($0) : nil }
        case .boolean: json.bool.map { .bool($0) }
        case .text, .anyText, .name, .secret, .headers, .httpURL, .redisURL, .listen, .choice, .duration:
            json.string.flatMap(textContent)
        case .words: Self.joined(json).flatMap(textContent)
        }
    }

    /// The same for a value that came as text, from the environment or a flag.
    func content(of text: String) -> ConfigContent? {
        switch self {
        case .integer(let range): Int(text).flatMap { range.contains($0) ? .int($0) : nil }
        case .number(let range): Double(text).flatMap { range.contains($0) ? .double($0) : nil }
        case .boolean: Self.words[text.lowercased()].map { .bool($0) }
        case .text, .anyText, .name, .secret, .headers, .httpURL, .redisURL, .listen, .choice, .duration, .words:
            textContent(text)
        }
    }

    /// Texts as one; nil if one of them is no text, or would not be one word.
    private static func joined(_ json: JSONValue) -> String? {
        guard let elements = json.array else { return json.string }
        let words = elements.compactMap(\.string).filter { !$0.isEmpty && !$0.contains(" ") }
        return words.count == elements.count ? words.joined(separator: " ") : nil
    }

    /// The words that swift-configuration reads from the environment.
    private static let words = ["true": true, "yes": true, "1": true, "false": false, "no": false, "0": false]

    /// A text with a reference in it can be judged only after that is resolved.
    private func textContent(_ text: String) -> ConfigContent? {
        mayRefer && Reference.occurs(in: text) || accepts(text) ? .string(text) : nil
    }

    func accepts(_ text: String) -> Bool {
        switch self {
        case .text: !text.isEmpty
        // It becomes an HTTP header: a line end in it would end the header.
        case .secret: !text.isEmpty && text.utf8.allSatisfy { (0x20...0x7e).contains($0) }
        case .anyText: true
        case .name: Self.isName(text)
        case .headers: HeaderText.parse(text) != nil
        case .httpURL: Self.isHTTPURL(text)
        case .redisURL: Self.isRedisURL(text)
        case .listen: ListenAddress(text) != nil
        case .choice(let words): words.contains(text)
        case .duration(let range): DurationText.parse(text).map(range.contains) ?? false
        case .words(let rule): rule.accepts(WordList.words(of: text))
        case .integer, .number, .boolean: false
        }
    }

    static func isName(_ text: String) -> Bool {
        func isWord(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte) }
        guard let first = text.utf8.first, isWord(first), text.utf8.count <= 48 else { return false }
        return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
}
