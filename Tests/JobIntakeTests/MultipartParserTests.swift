import Testing

@testable import JobIntake

@Suite struct MultipartParserTests {
    private static let type = "multipart/form-data; boundary=xYz"
    private static let form = [
        "ignored", "--xYz", #"Content-Disposition: form-data; name="purpose""#, "", "batch", "--xYz",
        #"Content-Disposition: form-data; name="empty""#, "", "", "--xYz",
        #"content-disposition: form-data; name="file"; filename="a;b.jsonl""#,
        "Content-Type: application/octet-stream", "", "one\r\n--xY\r\n\r\n-two\n", "--xYz--", "behind",
    ].joined(separator: "\r\n")

    @Test(arguments: 1...40) func `parts are the same however the form is cut`(size: Int) throws {
        var parser = try #require(MultipartParser(contentType: Self.type))
        var parts: [(name: String, filename: String?, text: [UInt8])] = []
        var ended = 0
        let bytes = Array(Self.form.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            for event in try parser.feed(bytes[start..<min(start + size, bytes.count)]) {
                switch event {
                case .part(let name, let filename): parts.append((name, filename, []))
                case .bytes(let piece): parts[parts.count - 1].text += piece
                case .partEnded: ended += 1
                }
            }
        }
        #expect(parser.isEnded)
        #expect(ended == 3)
        #expect(parts.map(\.name) == ["purpose", "empty", "file"])
        #expect(parts.map(\.filename) == [nil, nil, "a;b.jsonl"])
        #expect(parts.map { String(decoding: $0.text, as: UTF8.self) } == ["batch", "", "one\r\n--xY\r\n\r\n-two\n"])
    }

    @Test func `what is no form is refused`() throws {
        #expect(MultipartParser(contentType: "multipart/form-data") == nil)
        #expect(MultipartParser(contentType: "multipart/form-data; boundary=") == nil)
        var parser = try #require(MultipartParser(contentType: "multipart/form-data; boundary=\"q\""))
        #expect(throws: MultipartParser.Fault.malformed) { try parser.feed(Array("--q\r\nX: y\r\n\r\n".utf8)) }
    }
}
