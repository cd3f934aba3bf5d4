/// Reads the lines of a batch from its file, some at a time.
struct BatchReader {
    private let path: String
    private var file: OpenFile?
    private var offset = 0
    private var splitter: LineSplitter
    private var isOver = false

    init(_ path: String, maximumLineBytes: Int) {
        self.path = path
        splitter = LineSplitter(maximumBytes: maximumLineBytes)
    }

    /// Lines that are not blank; nil at the end.
    mutating func next() async throws(FileFault) -> LineGroup? {
        var group = LineGroup()
        while !isOver, !group.isFull {
            let (file, start) = (try await opened(), offset)
            let piece = try await DiskFolder.run { () throws(FileFault) in try file.read(65_536, at: start) }
            offset += piece.count
            if piece.isEmpty {
                isOver = true
                splitter.end { Self.add($0, $1, &group) }
            } else {
                splitter.feed(piece[...]) { Self.add($0, $1, &group) }
            }
        }
        return isOver && group.isEmpty ? nil : group
    }

    private mutating func opened() async throws(FileFault) -> OpenFile {
        if let file { return file }
        let opened = try await DiskFolder.run { [path] () throws(FileFault) in try OpenFile(path, .read) }
        file = opened
        return opened
    }

    private static func add(_ number: Int, _ line: LineSplitter.Line, _ group: inout LineGroup) {
        if let line, line.isBlank { return }
        group.add(number, line)
    }
}
