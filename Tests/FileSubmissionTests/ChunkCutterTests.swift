import Testing

@testable import FileSubmission

@Suite struct ChunkCutterTests {
    private static let text = Array("\u{feff}one\r\n\ntwo\n  \nthree".utf8)

    @Test(arguments: 1...9) func `a file has the same lines however it is read`(size: Int) {
        let chunks = cut(Self.text, size, ChunkCutter(.batch))
        #expect(chunks.count == 1)
        #expect(chunks[0].jobs == [1, 3, 5])
        #expect((chunks[0].first, chunks[0].last, chunks[0].end) == (1, 5, Self.text.count))
        #expect(text(chunks[0].body(chunks[0].jobs)) == "one\n\ntwo\n\nthree\n")
        #expect(text(chunks[0].body([3, 5])) == "two\n\nthree\n")
    }

    @Test func `a plain line becomes a prompt`() {
        let chunks = cut(Array("say \"hi\"\n".utf8), 4, ChunkCutter(.text(model: "gpt-4o")))
        #expect(text(chunks[0].body([1])) == #"{"prompt":"say \"hi\"","model":"gpt-4o"}"# + "\n")
    }

    @Test func `chunks follow each other, and reading can begin behind any of them`() {
        let lines = (1...2500).map { "{\"n\":\($0)}\n" }.joined()
        let chunks = cut(Array(lines.utf8), 777, ChunkCutter(.batch))
        #expect(chunks.map(\.first) == [1, 1001, 2001])
        #expect(chunks.map(\.jobs.count) == [1000, 1000, 500])
        let rest = Array(lines.utf8.dropFirst(chunks[0].end))
        #expect(cut(rest, 999, ChunkCutter(.batch, first: 1001, at: chunks[0].end)) == Array(chunks[1...]))
    }

    @Test func `a line that no intake would take is left out, and those behind it keep their numbers`() {
        let long = [UInt8](repeating: 0x78, count: ChunkCutter.longestLine + 1)
        let file = Array("one\n".utf8) + long + Array("\nthree\n".utf8)
        let chunks = cut(file, 1 << 20, ChunkCutter(.batch))
        #expect(chunks.flatMap(\.jobs) == [1, 3])
        #expect(chunks.flatMap(\.tooLong) == [2])
        #expect(chunks.last?.end == file.count)
    }

    @Test(arguments: 1...9) func `a scan finds the lines that will be jobs`(size: Int) {
        var scan = InputScan()
        for start in stride(from: 0, to: Self.text.count, by: size) {
            scan.feed(Array(Self.text[start..<min(start + size, Self.text.count)]))
        }
        let identity = scan.end()
        #expect(identity.bytes == Self.text.count)
        #expect((1...6).filter(scan.jobs.contains) == [1, 3, 5])
        #expect((scan.jobs.count, scan.jobs.last) == (3, 5))
    }

    private func cut(_ bytes: [UInt8], _ size: Int, _ cutter: ChunkCutter) -> [LineChunk] {
        var cutter = cutter
        var chunks: [LineChunk] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            chunks += cutter.feed(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        return chunks + (cutter.end().map { [$0] } ?? [])
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
