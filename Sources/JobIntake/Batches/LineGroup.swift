import JobFlow

/// Lines that go to the queue together. They lie in one text, so that a line costs no memory of its own.
struct LineGroup: Sendable {
    static let maximumLines = 512
    static let maximumBytes = 1 << 20

    private(set) var text: [UInt8] = []
    private(set) var lines: [(number: Int, range: Range<Int>?)] = []

    var isEmpty: Bool { lines.isEmpty }
    var isFull: Bool { lines.count >= Self.maximumLines || text.count >= Self.maximumBytes }

    mutating func add(_ number: Int, _ line: LineSplitter.Line) {
        guard let line else { return lines.append((number, nil)) }
        lines.append((number, text.count..<text.count + line.count))
        text += line
    }
}

/// What became of some lines.
struct LineTally: Sendable, Equatable {
    struct Rejection: Sendable, Equatable {
        var line: Int
        var code: String
        var message: String
    }

    /// A line whose own idempotency key had made a job before, which is not one of this batch.
    struct Known: Sendable, Equatable {
        var line: Int
        var id: JobID
    }

    /// Whoever sends a million lines of nonsense needs no million answers.
    static let maximumRejections = 1000

    var accepted = 0
    private(set) var rejectedCount = 0
    private(set) var rejected: [Rejection] = []
    /// Whether a line was rejected that may be accepted when it comes again.
    private(set) var isOpen = false
    /// Counted as accepted; the first of them.
    private(set) var known: [Known] = []

    mutating func find(_ line: Int, _ id: JobID) {
        accepted += 1
        if known.count < Self.maximumRejections { known.append(Known(line: line, id: id)) }
    }

    mutating func reject(_ line: Int, _ problem: IntakeProblem) {
        rejectedCount += 1
        if problem.retry != .never { isOpen = true }
        guard rejected.count < Self.maximumRejections else { return }
        rejected.append(Rejection(line: line, code: problem.code, message: problem.message))
    }

    /// Groups end in any order; the first lines are kept.
    mutating func add(_ other: LineTally) {
        accepted += other.accepted
        rejectedCount += other.rejectedCount
        isOpen = isOpen || other.isOpen
        rejected = Self.first(rejected, other.rejected) { $0.line < $1.line }
        known = Self.first(known, other.known) { $0.line < $1.line }
    }

    private static func first<Line>(_ some: [Line], _ more: [Line], _ isEarlier: (Line, Line) -> Bool) -> [Line] {
        more.isEmpty ? some : Array((some + more).sorted(by: isEarlier).prefix(maximumRejections))
    }
}
