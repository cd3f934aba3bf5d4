import Testing

@testable import JobIntake

@Suite struct LineSplitterTests {
    @Test(arguments: 1...9) func `lines are the same however the text is cut`(size: Int) {
        let text = "\u{feff}one\r\ntwo\n\n  \nthree, and longer than allowed\nfour"
        let lines = split(text, size: size)
        #expect(lines.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(lines.map(\.text) == ["one", "two", "", "  ", nil, "four"])
    }

    @Test func `a text that ends with a line end has no line behind it`() {
        #expect(split("one\ntwo\n", size: 3).count == 2)
        #expect(split("", size: 3).isEmpty)
    }

    private func split(_ text: String, size: Int) -> [(number: Int, text: String?)] {
        var splitter = LineSplitter(maximumBytes: 12)
        var lines: [(number: Int, text: String?)] = []
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            splitter.feed(bytes[start..<min(start + size, bytes.count)]) { number, line in
                lines.append((number, line.map { String(decoding: $0, as: UTF8.self) }))
            }
        }
        splitter.end { number, line in lines.append((number, line.map { String(decoding: $0, as: UTF8.self) })) }
        return lines
    }
}
