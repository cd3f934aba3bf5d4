import JobFlow
import Logging

/// Writes the lines of a batch into its files as their jobs end.
struct BatchCollection {
    /// Records that are read at a time.
    private static let page = 256
    /// After the window has closed, for calls that are under way to end.
    private static let grace = Duration.seconds(30)

    let tools: BatchTools
    var batch: FileBatch
    let scan: BatchScan
    let progress: BatchProgress
    private var ledger = BatchLedger()
    private var cursors: [Int: Int] = [:]
    private var lastProgress = ContinuousClock.now
    private var lastCancel: ContinuousClock.Instant?

    init(tools: BatchTools, batch: FileBatch, scan: BatchScan, progress: BatchProgress) {
        self.tools = tools
        self.batch = batch
        self.scan = scan
        self.progress = progress
    }

    mutating func run() async throws(BatchTrouble) {
        try await open()
        while ledger.written.count < scan.customIDs.count {
            if Task.isCancelled { throw BatchTrouble(description: "cancelled") }
            try await round()
        }
        try await finish()
    }

    private mutating func round() async throws(BatchTrouble) {
        var found = 0
        for partition in 0..<tools.configuration.partitions { found += try await collect(partition) }
        if progress.isSubmitted, !batch.isSubmitted {
            batch.isSubmitted = true
            try await tools.save(batch)
        }
        if found > 0 { lastProgress = .now } else { try await lookCloser() }
        if found < Self.page { try? await Task.sleep(for: BatchRun.pause) }
    }

    /// Nothing has ended: is there a reason?
    private mutating func lookCloser() async throws(BatchTrouble) {
        if tools.rack.cancelledAt(batch.id) != nil || tools.now() >= batch.expiresAt {
            guard lastCancel.map({ .now - $0 > .seconds(2) }) ?? true else { return }
            try await endRest()
            lastCancel = .now
        } else if progress.isSubmitted, .now - lastProgress > BatchRun.patience {
            try await sweep()
            lastProgress = .now
        }
    }

    private mutating func collect(_ partition: Int) async throws(BatchTrouble) -> Int {
        let start = cursors[partition, default: 0]
        let ids: [JobID]
        do throws(StoreError) {
            ids = try await tools.batches.ended(in: batch.id, partition: partition, from: start, limit: Self.page)
        } catch { throw BatchTrouble(description: "\(error)") }
        try await write(ids)
        cursors[partition] = start + ids.count
        return ids.count
    }

    private mutating func write(_ ids: [JobID]) async throws(BatchTrouble) {
        let fresh = ids.filter { !ledger.written.contains($0.line) && scan.customIDs[$0.line] != nil }
        guard !fresh.isEmpty else { return }
        let isOver = tools.now() >= batch.expiresAt && tools.rack.cancelledAt(batch.id) == nil
        var lines: [BatchLine] = []
        for (id, record) in zip(fresh, try await records(fresh)) {
            if let record {
                lines += BatchLine(record, isOver: isOver).map { [$0] } ?? []
            } else {
                lines.append(
                    BatchLine(
                        id, scan.customIDs[id.line], code: "result_unavailable",
                        "The request was executed; its result was kept no longer."))
            }
        }
        try await add(lines)
    }

    /// In the order of the ids; nil for those that are kept no longer.
    private func records(_ ids: [JobID]) async throws(BatchTrouble) -> [JobRecord?] {
        let store = tools.store
        var records = [JobRecord?](repeating: nil, count: ids.count)
        var fault: StoreError?
        await withTaskGroup(of: BatchRead.self) { group in
            for (index, id) in ids.enumerated() { group.addTask { await BatchRead(index, id, store) } }
            for await read in group {
                records[read.index] = read.record
                fault = fault ?? read.fault
            }
        }
        if let fault { throw BatchTrouble(description: "\(fault)") }
        return records
    }

    /// Cancelled, or its time is over: what has not ended is ended, what was never sent is told.
    private mutating func endRest() async throws(BatchTrouble) {
        guard progress.isSubmitted else { return }
        let isCancelled = tools.rack.cancelledAt(batch.id) != nil
        if isCancelled, batch.status != .cancelling {
            batch.enter(.cancelling, at: tools.rack.cancelledAt(batch.id) ?? tools.now())
            try await tools.save(batch)
        }
        let isLate = isCancelled || tools.now() >= batch.expiresAt + Self.grace
        for page in rest.pages(of: Self.page) {
            var lines: [BatchLine] = []
            for (line, standing) in zip(page, try await standings(page)) {
                let id = tools.job(batch, line)
                guard let standing else {
                    let custom = scan.customIDs[line]
                    lines.append(isCancelled ? BatchLine(cancelled: id, custom) : BatchLine(expired: id, custom))
                    continue
                }
                if !standing.state.isTerminal, isLate || standing.state != .inProgress { await cancel(id) }
            }
            try await add(lines)
        }
        try await sweep(resubmits: false)
    }

    private func cancel(_ id: JobID) async {
        do throws(StoreError) { _ = try await tools.control.cancel(id) } catch {
            tools.logger.warning("a job of a batch could not be cancelled", metadata: ["job.id": "\(id)"])
        }
    }

    /// Looks at every line that is not written: the queue may have lost its list, or jobs.
    private mutating func sweep(resubmits: Bool = true) async throws(BatchTrouble) {
        for page in rest.pages(of: Self.page) {
            let standings = try await standings(page)
            try await write(
                zip(page, standings).filter { $0.1?.state.isTerminal == true }.map { tools.job(batch, $0.0) })
            if resubmits, standings.contains(where: { $0 == nil }) { progress.submitAgain() }
        }
    }

    private var rest: [Int] { scan.customIDs.keys.filter { !ledger.written.contains($0) }.sorted() }

    private func standings(_ lines: [Int]) async throws(BatchTrouble) -> [JobStanding?] {
        do throws(StoreError) { return try await tools.store.standings(lines.map { tools.job(batch, $0) }) } catch {
            throw BatchTrouble(description: "\(error)")
        }
    }
}

extension BatchCollection {
    /// Files of an earlier run go on.
    private mutating func open() async throws(BatchTrouble) {
        let (shelf, output, errors) = (tools.shelf, batch.outputFile.map(record), batch.errorFile.map(record))
        ledger = try await tools.disk { () throws(FileFault) in
            var ledger = BatchLedger()
            if let output { ledger.output = try shelf.begin(output) }
            if let errors { ledger.errors = try shelf.begin(errors) }
            try ledger.load()
            return ledger
        }
    }

    private func record(_ id: String) -> FileRecord {
        FileRecord(
            id: id, caller: batch.caller, filename: "\(batch.id)_\(id == batch.outputFile ? "output" : "error").jsonl",
            purpose: "batch_output", createdAt: tools.now(),
            expiresAt: batch.outputSeconds.map { tools.now() + .seconds($0) })
    }

    private mutating func add(_ lines: [BatchLine]) async throws(BatchTrouble) {
        guard !lines.isEmpty else { return }
        try await beginFiles(lines)
        let (text, output, errors) = (ledger.text(lines), ledger.output, ledger.errors)
        try await tools.disk { () throws(FileFault) in
            try output?.write(text.output)
            try errors?.write(text.errors)
        }
        ledger.wrote(lines)
    }

    /// The batch names a file before there is one: so that one that was begun is found again.
    private mutating func beginFiles(_ lines: [BatchLine]) async throws(BatchTrouble) {
        let needsOutput = batch.outputFile == nil && lines.contains { !$0.isError }
        let needsErrors = batch.errorFile == nil && lines.contains(where: \.isError)
        guard needsOutput || needsErrors else { return }
        if needsOutput { batch.outputFile = FileRecord.newID(at: tools.now()) }
        if needsErrors { batch.errorFile = FileRecord.newID(at: tools.now()) }
        try await tools.save(batch)
        let (shelf, output, errors) = (tools.shelf, batch.outputFile.map(record), batch.errorFile.map(record))
        if needsOutput, let output {
            ledger.output = try await tools.disk { () throws(FileFault) in try shelf.begin(output) }
        }
        if needsErrors, let errors {
            ledger.errors = try await tools.disk { () throws(FileFault) in try shelf.begin(errors) }
        }
    }

    private mutating func finish() async throws(BatchTrouble) {
        let ledger = ledger
        batch.counts.completed = ledger.completed
        batch.counts.failed = ledger.failed
        batch.enter(.finalizing, at: tools.now())
        try await tools.disk { () throws(FileFault) in try ledger.sync() }
        try await tools.save(batch)
        if let time = tools.rack.cancelledAt(batch.id) {
            batch.moments[FileBatch.Status.cancelling.rawValue] = time.milliseconds
            batch.enter(.cancelled, at: tools.now())
        } else {
            batch.enter(ledger.hasExpired ? .expired : .completed, at: tools.now())
        }
        try await tools.save(batch)
        tools.tidy(batch.id)
    }
}

/// One record that was asked for. Not a tuple of an index and a `Result` of an optional: a group of those, reduced into a
/// dictionary, gave other records than were read when it was built with optimisation (Swift 6.3.1).
private struct BatchRead: Sendable {
    let index: Int
    private(set) var record: JobRecord?
    private(set) var fault: StoreError?

    init(_ index: Int, _ id: JobID, _ store: any JobStore) async {
        self.index = index
        do throws(StoreError) { record = try await store.record(id) } catch { fault = error }
    }
}

extension [Int] {
    fileprivate func pages(of size: Int) -> [[Int]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
