/// How far a submission is: what the records of its state file say together. A value.
package struct SubmissionState: Sendable, Equatable {
    package private(set) var sent = SentMark()
    package private(set) var rejected = LineSet()
    /// Lines that are jobs of earlier submissions, by their own keys.
    package private(set) var known: [Int: String] = [:]
    private(set) var knownCount = 0
    package private(set) var collected: String?
    /// Chunks that were taken before those in front of them.
    private var ahead: [Int: SentMark] = [:]

    package init() {}

    package mutating func apply(_ record: SubmissionRecord) {
        switch record {
        case .header: break
        case .sent(let mark): sent = mark
        case .rejected(let rejection): rejected.insert(rejection.line)
        case .known(let line, let id):
            known[line] = id
            knownCount += 1
        case .collected(let cursor): collected = cursor
        }
    }

    /// The intake has a chunk. Returns the new mark, if nothing is missing in front of it.
    package mutating func took(_ chunk: LineChunk) -> SubmissionRecord? {
        ahead[chunk.first] = SentMark(
            line: chunk.last, bytes: chunk.end, jobs: chunk.jobs.count + chunk.tooLong.count)
        var mark = sent
        while let next = ahead.removeValue(forKey: mark.line + 1) {
            mark = SentMark(line: next.line, bytes: next.bytes, jobs: mark.jobs + next.jobs)
        }
        guard mark != sent else { return nil }
        sent = mark
        return .sent(mark)
    }

    package mutating func collectedKnown(_ line: Int) { known[line] = nil }
}
