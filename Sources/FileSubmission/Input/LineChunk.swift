/// Lines of a file that are sent in one request.
package struct LineChunk: Sendable, Equatable {
    /// So that the answer can name every line that it refuses, and a part that has to come again costs little.
    package static let mostLines = 1000
    package static let mostBytes = 1 << 20

    /// The number of the first line, as an editor shows it.
    package let first: Int
    /// Where the file goes on behind the last line.
    package private(set) var end: Int
    /// What is sent, in one text.
    private var text: [UInt8] = []
    /// Where each line lies in it; empty for a blank one.
    private var ranges: [Range<Int>] = []
    /// Lines that become jobs.
    package private(set) var jobs: [Int] = []
    /// Lines that no intake would take; they are not kept.
    package private(set) var tooLong: [Int] = []

    init(first: Int, at offset: Int) { (self.first, end) = (first, offset) }

    package var last: Int { first + ranges.count - 1 }
    var isEmpty: Bool { ranges.isEmpty }
    var isFull: Bool { ranges.count >= Self.mostLines || text.count >= Self.mostBytes }

    /// - Parameter line: nil for one that is too long.
    mutating func add(_ line: ArraySlice<UInt8>?, _ form: LineForm, end: Int) {
        self.end = end
        let number = first + ranges.count
        let start = text.count
        if let line, !line.isBlank { text += form.json(line) }
        if line == nil { tooLong.append(number) } else if text.count > start { jobs.append(number) }
        ranges.append(start..<text.count)
    }

    /// A request's body with these lines, in their order, at their places: others between them are blank.
    package func body(_ lines: some Collection<Int>) -> [UInt8] {
        var body: [UInt8] = []
        guard var next = lines.first else { return [] }
        for line in lines {
            body += repeatElement(UInt8(ascii: "\n"), count: line - next)
            body += text[ranges[line - first]]
            body.append(UInt8(ascii: "\n"))
            next = line + 1
        }
        return body
    }
}
