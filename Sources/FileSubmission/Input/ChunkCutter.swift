/// Cuts a file that comes in pieces into chunks. A value: it keeps one chunk and one line.
package struct ChunkCutter: Sendable {
    /// A longer line would not be accepted by any intake.
    package static let longestLine = 16 << 20

    let form: LineForm
    private var chunk: LineChunk
    private var rest: [UInt8] = []
    private var isTooLong = false
    /// Bytes of the file in front of the line that is being read.
    private var offset: Int

    /// - Parameters:
    ///   - first: the number of the first line that will be fed.
    ///   - offset: where it begins in the file.
    package init(_ form: LineForm, first: Int = 1, at offset: Int = 0) {
        self.form = form
        self.offset = offset
        chunk = LineChunk(first: first, at: offset)
    }

    /// The chunks that are full with this piece.
    package mutating func feed(_ piece: [UInt8]) -> [LineChunk] {
        var full: [LineChunk] = []
        var start = 0
        while let end = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            if rest.isEmpty, !isTooLong { add(piece[start..<end], 1) } else { finish(piece[start..<end], 1) }
            if chunk.isFull { full.append(take()) }
            start = end + 1
        }
        keep(piece[start...])
        return full
    }

    /// What is left at the end of the file.
    package mutating func end() -> LineChunk? {
        if !rest.isEmpty || isTooLong { finish([], 0) }
        return chunk.isEmpty ? nil : take()
    }

    private var dropped = 0

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        if rest.count + part.count > Self.longestLine { isTooLong = true }
        if isTooLong {
            dropped += rest.count + part.count
            rest = []
        } else {
            rest += part
        }
    }

    private mutating func finish(_ part: ArraySlice<UInt8>, _ lineEnd: Int) {
        keep(part)
        if isTooLong {
            offset += dropped + lineEnd
            chunk.add(nil, form, end: offset)
        } else {
            add(rest[...], lineEnd)
        }
        (rest, isTooLong, dropped) = ([], false, 0)
    }

    private mutating func add(_ line: ArraySlice<UInt8>, _ lineEnd: Int) {
        let isFirst = offset == 0
        offset += line.count + lineEnd
        var line = line
        if isFirst, line.starts(with: [0xef, 0xbb, 0xbf]) { line = line.dropFirst(3) }
        if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
        chunk.add(line, form, end: offset)
    }

    private mutating func take() -> LineChunk {
        defer { chunk = LineChunk(first: chunk.last + 1, at: offset) }
        return chunk
    }
}
