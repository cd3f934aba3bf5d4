import Testing

@testable import FileSubmission

@Suite struct DeliveryTests {
    @Test func `lines that find the queue full are sent again, and only they`() {
        var delivery = Delivery(chunk(4))
        let full = [2, 4].map { LineRejection(line: $0, code: "queue_full", message: "full") }
        let bad = LineRejection(line: 3, code: "invalid_json", message: "bad")
        let pause = delivery.answered(BatchReply(batch: "b", rejected: full + [bad]))
        #expect(pause.wait == .seconds(1))
        #expect(pause.reason == "full")
        #expect(Array(delivery.next) == [2, 4])
        #expect(delivery.rejected == [bad])
        #expect(delivery.answered(BatchReply(batch: "b")).wait == .zero)
        #expect(delivery.next.isEmpty)
    }

    @Test func `while all of them find it full the pauses grow`() {
        var delivery = Delivery(chunk(1))
        let full = BatchReply(batch: "b", rejected: [LineRejection(line: 1, code: "queue_full", message: "full")])
        let waits = (0..<9).map { _ in delivery.answered(full).wait }
        #expect(waits == waits.sorted())
        #expect(waits.first == .milliseconds(200))
        #expect(waits.last == .seconds(30))
    }

    @Test func `a key that has used up its share sends less at once, after the wait that it was told`() throws {
        var delivery = Delivery(chunk(8))
        let (wait, _) = try delivery.failed(.busy(after: .seconds(7), isTooMuch: true, "limit"))
        #expect(wait == .seconds(7))
        #expect(Array(delivery.next) == [1, 2, 3, 4])
        _ = delivery.answered(BatchReply(batch: "b"))
        #expect(Array(delivery.next) == [5, 6, 7, 8])
    }

    @Test func `a refusal of the whole is final, an absence is not`() throws {
        var delivery = Delivery(chunk(1))
        #expect(try delivery.failed(.away("gone")).wait == .milliseconds(200))
        #expect(throws: SubmissionTrouble("no")) { try delivery.failed(.refused("no")) }
    }

    @Test func `lines of which the end is known are not sent`() {
        let delivery = Delivery(chunk(4)) { $0 % 2 == 0 }
        #expect(Array(delivery.next) == [1, 3])
    }

    private func chunk(_ lines: Int) -> LineChunk {
        var cutter = ChunkCutter(.batch)
        _ = cutter.feed(Array((1...lines).map { "{\"n\":\($0)}\n" }.joined().utf8))
        return cutter.end() ?? LineChunk(first: 1, at: 0)
    }
}
