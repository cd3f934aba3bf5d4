import Testing

@testable import FileSubmission

@Suite struct SubmissionStateTests {
    private static let header = SubmissionHeader(
        key: "k", input: InputIdentity(digest: "d", bytes: 7), form: .text(model: nil), queue: "batch")

    @Test(arguments: [
        SubmissionRecord.header(header),
        .header(SubmissionHeader(key: "k", input: header.input, form: .batch, queue: nil)),
        .sent(SentMark(line: 3, bytes: 99, jobs: 2)),
        .rejected(LineRejection(line: 4, code: "invalid_json", message: "a \"quote\"")), .known(line: 5, id: "job_0_x"),
        .collected("1.2"),
    ])
    func `a record is read as it was written`(record: SubmissionRecord) {
        #expect(SubmissionRecord(record.text[...]) == record)
    }

    @Test func `the mark moves when nothing is missing in front of it`() {
        var cutter = ChunkCutter(.batch)
        let chunks = cutter.feed(Array((1...3000).map { "{\"n\":\($0)}\n" }.joined().utf8))
        var state = SubmissionState()
        #expect(state.took(chunks[1]) == nil)
        #expect(state.took(chunks[0]) == .sent(SentMark(line: 2000, bytes: chunks[1].end, jobs: 2000)))
        #expect(state.took(chunks[2]) == .sent(SentMark(line: 3000, bytes: chunks[2].end, jobs: 3000)))
    }

    @Test func `a changed file and other options are told apart`() {
        var other = Self.header
        #expect(Self.header.objection(to: other, file: "f", state: "s") == nil)
        other.queue = nil
        #expect(Self.header.objection(to: other, file: "f", state: "s")?.contains("--queue") == true)
        other.input.bytes = 8
        #expect(Self.header.objection(to: other, file: "f", state: "s")?.contains("f has changed") == true)
    }
}
