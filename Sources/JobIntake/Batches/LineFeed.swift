import JobFlow

/// Sends lines on their way as they come. Reads on only when few groups are under way: so memory stays flat however long
/// the text is.
struct LineFeed {
    typealias Tasks = TaskGroup<Result<LineTally, IntakeProblem>>

    static let maximumUnderway = 4

    private let accept: AcceptLines
    private(set) var batch: BatchID
    /// Until a first job is there that tells whether this batch came before, lines go one by one.
    private var sending: Sending?
    private var splitter: LineSplitter
    private var group = LineGroup()
    private var underway = 0
    private(set) var tally = LineTally()
    /// Why nothing more can be accepted.
    private(set) var problem: IntakeProblem?

    private let first: Int

    init(_ accept: AcceptLines, _ batch: BatchID, first: Int = 1, sending: Sending? = nil) {
        self.accept = accept
        self.batch = batch
        self.first = first
        self.sending = sending
        splitter = LineSplitter(maximumBytes: accept.configuration.maximumBodyBytes, first: first)
    }

    var isEmpty: Bool { splitter.count < first }

    mutating func take(_ piece: ArraySlice<UInt8>, _ tasks: inout Tasks) async {
        var full: [LineGroup] = []
        splitter.feed(piece) { add($0, $1, &group, &full, alone: sending != nil) }
        for group in full where problem == nil { await start(group, &tasks) }
    }

    mutating func end(_ tasks: inout Tasks) async {
        var full: [LineGroup] = []
        splitter.end { add($0, $1, &group, &full, alone: sending != nil) }
        for group in full + [group] where !group.isEmpty && problem == nil { await start(group, &tasks) }
        while underway > 0 { await finish(&tasks) }
    }

    private mutating func start(_ group: LineGroup, _ tasks: inout Tasks) async {
        if let sending { return await begin(group, sending) }
        while underway >= Self.maximumUnderway { await finish(&tasks) }
        underway += 1
        tasks.addTask { [accept, batch] in
            do throws(IntakeProblem) { return .success(try await accept.accept(group, batch).tally) } catch {
                return .failure(error)
            }
        }
    }

    /// Before anything else is under way: what comes behind may belong to the batch of an earlier send.
    private mutating func begin(_ group: LineGroup, _ sending: Sending) async {
        do throws(IntakeProblem) {
            let (more, known) = try await accept.accept(group, batch, sending)
            tally.add(more)
            if more.accepted > 0 { self.sending = nil }
            if let known { batch = known }
        } catch { problem = error }
    }

    private mutating func finish(_ tasks: inout Tasks) async {
        guard let result = await tasks.next() else { return }
        underway -= 1
        switch result {
        case .success(let more): tally.add(more)
        case .failure(let error): problem = problem ?? error
        }
    }
}

private func add(
    _ number: Int, _ line: LineSplitter.Line, _ group: inout LineGroup, _ full: inout [LineGroup], alone: Bool
) {
    if let line, line.isBlank { return }
    group.add(number, line)
    guard alone || group.isFull else { return }
    full.append(group)
    group = LineGroup()
}
