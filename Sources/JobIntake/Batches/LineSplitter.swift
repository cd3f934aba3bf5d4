/// Cuts a text that comes in pieces into lines. A value: it keeps no more than one line.
struct LineSplitter {
    /// A line without its end; nil for one that is longer than allowed, which is passed over.
    typealias Line = ArraySlice<UInt8>?

    let maximumBytes: Int
    private var rest: [UInt8] = []
    private var isTooLong = false
    private var isAtStart = true
    /// The number of the last line that has ended.
    private(set) var count: Int

    /// - Parameter first: the number of the first line.
    init(maximumBytes: Int, first: Int = 1) {
        self.maximumBytes = maximumBytes
        count = first - 1
    }

    /// Lines that end in this piece. A byte order mark before the first line is left out.
    mutating func feed<Failure>(
        _ piece: ArraySlice<UInt8>, _ body: (_ number: Int, _ line: Line) throws(Failure) -> Void
    ) throws(Failure) {
        var start = piece.startIndex
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            try finish(piece[start..<end], body)
            start = end + 1
        }
        keep(piece[start...])
    }

    /// What stands behind the last line end.
    mutating func end<Failure>(_ body: (_ number: Int, _ line: Line) throws(Failure) -> Void) throws(Failure) {
        guard !rest.isEmpty || isTooLong else { return }
        try finish([], body)
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        guard rest.count + part.count <= maximumBytes else {
            isTooLong = true
            rest = []
            return
        }
        rest += part
    }

    private mutating func finish<Failure>(
        _ part: ArraySlice<UInt8>, _ body: (_ number: Int, _ line: Line) throws(Failure) -> Void
    ) throws(Failure) {
        count += 1
        defer {
            rest.removeAll(keepingCapacity: rest.count < 65_536)
            isTooLong = false
        }
        // Most lines lie in one piece, and are not copied for this.
        if rest.isEmpty, !isTooLong, part.count <= maximumBytes { return try body(count, trimmed(part)) }
        keep(part)
        try body(count, isTooLong ? nil : trimmed(rest[...]))
    }

    private mutating func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if isAtStart, line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
        isAtStart = false
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        return line
    }
}

extension ArraySlice<UInt8> {
    /// Nothing but spaces.
    var isBlank: Bool { allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d } }
}
