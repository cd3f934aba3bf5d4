import JobFlow

/// Keeps the books of one submission: its state file, its output, its tally. Everything that has to be on disk before something
/// else happens is written here, in that order.
package actor SubmissionDesk {
    /// Between two notes of how far results were collected.
    private static let pause = Duration.milliseconds(500)

    private let file: StateFile?
    private(set) var state: SubmissionState
    private var results: ResultFile?
    package private(set) var tally = SubmitTally()
    private let jobs: LineSet
    /// Of a run that does not wait: in-doubt lines that have ended, so they were jobs.
    private var ended = LineSet()
    private var noted: Duration?
    private var unnoted: String?

    /// - Parameters:
    ///   - jobs: the lines that are no blank ones.
    ///   - results: nil of a run that does not wait.
    package init(file: StateFile?, state: SubmissionState, jobs: LineSet, results: ResultFile?) {
        (self.file, self.state, self.jobs, self.results) = (file, state, jobs, results)
        tally.total = jobs.count
        tally.waits = results != nil
        tally.submitted = state.sent.jobs
        tally.rejected = state.rejected.count
        tally.completed = results?.completed ?? 0
        tally.failed = max(0, (results?.count ?? 0) - tally.completed - tally.rejected)
    }

    var isSent: Bool { state.sent.jobs == jobs.count }

    /// There is a batch: a line of the file is a job of it.
    var hasJobs: Bool { state.sent.jobs > state.rejected.count + state.knownCount }

    /// Every line has its result.
    package var isDone: Bool { results.map { $0.count == jobs.count } ?? isSent }

    /// Lines that need not be sent: what came of them is known.
    func isThere(_ line: Int) -> Bool {
        state.rejected.contains(line) || results?.contains(line) == true || ended.contains(line)
    }

    func pending(_ chunk: LineChunk) -> Delivery { Delivery(chunk, isThere: isThere) }

    /// The intake has said of each line of a chunk what becomes of it.
    func delivered(_ chunk: LineChunk, _ delivery: Delivery) throws {
        let all = delivery.rejected + chunk.tooLong.map(LineRejection.tooLong)
        let rejected = all.filter { !state.rejected.contains($0.line) }
        var records = rejected.map(SubmissionRecord.rejected)
        records += delivery.known.map { .known(line: $0.key, id: $0.value) }
        records.forEach { state.apply($0) }
        if let mark = state.took(chunk) { records.append(mark) }
        // The output first: what the state says is there, is there.
        _ = try results?.add(rejected.map(ResultLine.init))
        try file?.append(records)
        tally.rejected += rejected.count
        tally.submitted = max(tally.submitted, state.sent.jobs)
        rejections += rejected.prefix(Self.mostNamed - min(Self.mostNamed, rejections.count))
    }

    /// The rejected lines that are named to the user.
    static let mostNamed = 20
    package private(set) var rejections: [LineRejection] = []

    /// - Parameter now: time since any fixed moment.
    /// - Returns: how many results were new.
    func collected(_ page: ResultsPage, at now: Duration) throws -> Int {
        guard results != nil else {
            for entry in page.entries { ended.insert(entry.line) }
            return 0
        }
        let lines = page.entries.filter { jobs.contains($0.line) }.map { entry in
            entry.job.map { ResultLine(line: entry.line, job: $0) } ?? ResultLine(line: entry.line, forgotten: entry.id)
        }
        let new = try add(lines)
        for entry in page.entries where new.contains(entry.line) {
            tally.sawAttempts(entry.job?["attempts"]?.int ?? 0, entry.id)
        }
        unnoted = page.next ?? unnoted
        if noted.map({ now - $0 >= Self.pause }) ?? true { try note(at: now) }
        return new.count
    }

    func collected(_ line: Int, known entry: ResultsPage.Entry) throws {
        _ = try add([entry.job.map { ResultLine(line: line, job: $0) } ?? ResultLine(line: line, forgotten: entry.id)])
        state.collectedKnown(line)
    }

    private func add(_ lines: [ResultLine]) throws -> Set<Int> {
        let new = try results?.add(lines) ?? []
        let completed = new.count { $0.isCompleted }
        tally.completed += completed
        tally.failed += new.count - completed
        return Set(new.map(\.line))
    }

    /// The results are on disk before the state says that they are.
    private func note(at now: Duration) throws {
        guard let cursor = unnoted, file != nil else { return }
        try results?.sync()
        state.apply(.collected(cursor))
        try file?.append([.collected(cursor)])
        (noted, unnoted) = (now, nil)
    }

    package func close(at now: Duration) throws {
        try note(at: now)
        if isDone { try results?.finish() } else { try results?.sync() }
        try file?.sync()
    }

    func notice(_ text: String?) { tally.notice = text }
}
