import JobFlow

/// The output and error file of a batch, and which lines are in them. The files themselves are the record of that: after a
/// crash they are read, and a line that was cut off is taken back.
struct BatchLedger: Sendable {
    private(set) var written: Set<Int> = []
    private(set) var completed = 0
    private(set) var failed = 0
    private(set) var hasExpired = false
    var output: OpenFile?
    var errors: OpenFile?

    /// Lines that a process wrote before.
    mutating func load() throws(FileFault) {
        if let output {
            let numbers = try Self.lines(output).map(\.number)
            written.formUnion(numbers)
            completed = numbers.count
        }
        if let errors {
            let lines = try Self.lines(errors)
            written.formUnion(lines.map(\.number))
            failed = lines.count
            hasExpired = lines.contains(where: \.isExpired)
        }
    }

    private static let expired = Array("\"code\":\"batch_expired\"".utf8)

    /// The whole lines of a file; what stands behind them is cut off.
    private static func lines(_ file: OpenFile) throws(FileFault) -> [(number: Int, isExpired: Bool)] {
        let size = try file.size()
        var lines: [(number: Int, isExpired: Bool)] = []
        var (rest, start, kept): ([UInt8], Int, Int) = ([], 0, 0)
        while start < size {
            let piece = try file.read(1 << 20, at: start)
            guard !piece.isEmpty else { break }
            start += piece.count
            rest += piece
            var from = 0
            while let end = rest[from...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[from..<end]
                if let number = BatchLine.number(of: line) {
                    lines.append((number, line.suffix(256).firstRange(of: expired) != nil))
                }
                kept += end + 1 - from
                from = end + 1
            }
            rest.removeFirst(from)
        }
        if kept < size { try file.truncate(to: kept) }
        return lines
    }

    /// What of these lines is not in the files yet, as text for each of them.
    func text(_ lines: [BatchLine]) -> (output: [UInt8], errors: [UInt8]) {
        var text: (output: [UInt8], errors: [UInt8]) = ([], [])
        for line in lines where !written.contains(line.number) {
            if line.isError { text.errors += line.text + Self.lineEnd } else { text.output += line.text + Self.lineEnd }
        }
        return text
    }

    private static let lineEnd = [UInt8(ascii: "\n")]

    mutating func wrote(_ lines: [BatchLine]) {
        for line in lines where written.insert(line.number).inserted {
            if line.isError { failed += 1 } else { completed += 1 }
            if line.isExpired { hasExpired = true }
        }
    }

    func sync() throws(FileFault) {
        try output?.sync()
        try errors?.sync()
    }
}
