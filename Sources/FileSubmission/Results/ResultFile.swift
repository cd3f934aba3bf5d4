/// The output, and which lines are in it. The file itself is the record of that: a run that goes on reads it, so that no result
/// is written twice and none is missing, wherever the run before was killed.
package struct ResultFile: Sendable {
    private let output: KeptFile
    private var written = LineSet()
    private var waiting: WaitingResults?
    /// In the order of the input: the line whose result comes next.
    private var next = 1
    private let jobs: LineSet
    private var inOutput = 0

    /// - Parameters:
    ///   - jobs: the lines that will have a result.
    ///   - isNew: nothing is read back; the output may be no file.
    ///   - waiting: where results wait for their turn; nil writes them as they come.
    package init(_ output: KeptFile, jobs: LineSet, isNew: Bool, waiting: KeptFile?) throws {
        (self.output, self.jobs) = (output, jobs)
        if !isNew { try load() }
        guard let waiting else { return }
        let written = written
        self.waiting = try WaitingResults(waiting) { written.contains($0) }
        try writeTurns()
    }

    /// Lines whose result is here, and of which the job has completed.
    package var count: Int { written.count + (waiting?.count ?? 0) }
    package var completed: Int { inOutput + (waiting?.completed ?? 0) }

    package func contains(_ line: Int) -> Bool { written.contains(line) || waiting?.contains(line) == true }

    /// Returns those that were not here.
    package mutating func add(_ results: [ResultLine]) throws(FileTrouble) -> [ResultLine] {
        var new: [ResultLine] = []
        var seen: Set<Int> = []
        for result in results where !contains(result.line) && seen.insert(result.line).inserted { new.append(result) }
        if waiting == nil {
            try write(new)
        } else {
            try waiting?.add(new)
            try writeTurns()
        }
        return new
    }

    package func sync() throws(FileTrouble) {
        try waiting?.sync()
        try output.sync()
    }

    /// Every result is in the output.
    package func finish() throws(FileTrouble) {
        try output.sync()
        waiting?.remove()
    }

    private mutating func load() throws(FileTrouble) {
        let output = output
        try output.wholeLines { text, _ in
            if let line = ResultLine(text), written.insert(line.line), line.isCompleted { inOutput += 1 }
        }
    }

    /// Those whose turn it is.
    private mutating func writeTurns() throws(FileTrouble) {
        var turn: [ResultLine] = []
        var bytes = 0
        while next <= jobs.last {
            if jobs.contains(next), !written.contains(next) {
                guard let result = try waiting?.take(next) else { break }
                bytes += result.text.count
                turn.append(result)
            }
            next += 1
            if bytes > 1 << 20 {
                try write(turn)
                (turn, bytes) = ([], 0)
            }
        }
        try write(turn)
    }

    private mutating func write(_ results: [ResultLine]) throws(FileTrouble) {
        guard !results.isEmpty else { return }
        try output.write(results.flatMap { $0.text + [UInt8(ascii: "\n")] })
        for result in results where written.insert(result.line) && result.isCompleted { inOutput += 1 }
    }
}
