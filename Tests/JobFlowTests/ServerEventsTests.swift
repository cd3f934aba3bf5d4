import Testing

@testable import JobFlow

@Suite struct ServerEventsTests {
    private static let streams = [
        "data: one\n\ndata: two\n\n", "data: one\r\n\r\ndata: two\r\n\r\n", "data: one\r\rdata: two\r\r",
        "event: x\nid: 3\ndata: one\n\n: ping\n\ndata:two\n\n", "data: é€😀\n\n\n\ndata: two\n\n",
    ]

    @Test(arguments: streams, 1...7)
    func `events are whole however the bytes come, and nothing is lost`(stream: String, size: Int) {
        let bytes = Array(stream.utf8)
        var events = ServerEvents()
        var found: [ServerEvents.Event] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += events.receive(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        var whole = ServerEvents()
        #expect(found.compactMap(\.data) == whole.receive(bytes).compactMap(\.data))
        #expect(found.compactMap(\.data).last == Array("two".utf8))
        #expect(found.flatMap(\.raw) == bytes || found.flatMap(\.raw) == bytes.dropLast())
    }

    @Test func `an event that has not ended is none`() {
        var events = ServerEvents()
        #expect(events.receive(Array("data: half\n".utf8)).isEmpty)
        #expect(events.receive(Array("\n".utf8)).first?.data == Array("half".utf8))
    }

    @Test func `data of several lines is one text`() {
        var events = ServerEvents()
        #expect(events.receive(Array("data: a\ndata:  b\n\n".utf8)).first?.data == Array("a\n b".utf8))
    }

    @Test func `a comment has no data`() {
        var events = ServerEvents()
        #expect(events.receive(Array(": keep alive\n\n".utf8)).map(\.data) == [nil])
    }
}
