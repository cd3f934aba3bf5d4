/// Numbers of lines: one bit each, 125 KB for a million.
package struct LineSet: Sendable, Equatable {
    private var words: [UInt64] = []
    package private(set) var count = 0
    /// The greatest of them; 0 of none.
    package private(set) var last = 0

    package init() {}

    package func contains(_ line: Int) -> Bool {
        let word = line >> 6
        return word < words.count && words[word] & (1 << UInt64(line & 63)) != 0
    }

    /// Returns whether it was not there before.
    @discardableResult package mutating func insert(_ line: Int) -> Bool {
        guard !contains(line) else { return false }
        let word = line >> 6
        if word >= words.count { words += Array(repeating: 0, count: max(word + 1 - words.count, words.count)) }
        words[word] |= 1 << UInt64(line & 63)
        count += 1
        last = max(last, line)
        return true
    }
}
