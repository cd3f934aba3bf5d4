/// Results that came before those of lines in front of them. They lie in a file of their own; in memory is where, 12 bytes for
/// each line of the input.
struct WaitingResults: Sendable {
    private struct Place: Sendable {
        var high: UInt32
        var low: UInt32
        var length: UInt32
    }

    private let file: KeptFile
    private var size: Int
    private var places: ContiguousArray<Place> = []
    private(set) var completed = 0
    private(set) var count = 0

    /// What an earlier run left there waits still.
    init(_ file: KeptFile, isWritten: (Int) -> Bool) throws(FileTrouble) {
        self.file = file
        size = 0
        try file.wholeLines { text, offset in
            guard let line = ResultLine(text), !isWritten(line.line) else { return }
            note(line, offset, text.count)
        }
        size = try file.size()
    }

    func contains(_ line: Int) -> Bool { line < places.count && places[line].length > 0 }

    mutating func add(_ results: [ResultLine]) throws(FileTrouble) {
        var text: [UInt8] = []
        for result in results {
            note(result, size + text.count, result.text.count)
            text += result.text
            text.append(UInt8(ascii: "\n"))
        }
        try file.write(text)
        size += text.count
    }

    /// Takes the result of a line out, if it is there.
    mutating func take(_ line: Int) throws(FileTrouble) -> ResultLine? {
        guard contains(line) else { return nil }
        let place = places[line]
        let text = try file.read(Int(place.length), at: Int(place.high) << 32 | Int(place.low))
        guard var result = ResultLine(text[...]) else { throw FileTrouble(path: file.path, number: 5) }
        result.text = text
        places[line].length = 0
        count -= 1
        if result.isCompleted { completed -= 1 }
        return result
    }

    func sync() throws(FileTrouble) { try file.sync() }

    func remove() { file.unlink() }

    private mutating func note(_ result: ResultLine, _ offset: Int, _ length: Int) {
        guard !contains(result.line) else { return }
        if result.line >= places.count {
            let more = max(result.line + 1 - places.count, places.count / 2)
            places += repeatElement(Place(high: 0, low: 0, length: 0), count: more)
        }
        places[result.line] = Place(
            high: UInt32(offset >> 32), low: UInt32(truncatingIfNeeded: offset), length: UInt32(length))
        count += 1
        if result.isCompleted { completed += 1 }
    }
}
