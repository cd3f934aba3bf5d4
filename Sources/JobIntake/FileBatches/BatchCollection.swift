import JobFlow

/// Writes the lines of a batch into its files as their jobs end.
struct BatchCollection {
    /// Records that are read at a time.
    static let page = 256

    let tools: BatchTools
    let jobs: BatchJobs
    let scan: BatchScan
    let progress: BatchProgress
    var batch: FileBatch
    var files: BatchFiles
    private var cursors: [Int: Int] = [:]
    private var lastProgress = ContinuousClock.now
    private var lastCancel: ContinuousClock.Instant?

    init(tools: BatchTools, batch: FileBatch, scan: BatchScan, progress: BatchProgress) {
        self.tools = tools
        self.batch = batch
        self.scan = scan
        self.progress = progress
        jobs = BatchJobs(tools: tools, batch: batch)
        files = BatchFiles(tools: tools)
    }

    mutating func run() async throws(BatchTrouble) {
        try await files.open(batch)
        while files.ledger.written.count < scan.customIDs.count {
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
        let ids = try await jobs.ended(partition, from: start, limit: Self.page)
        try await write(ids)
        cursors[partition] = start + ids.count
        return ids.count
    }

    mutating func write(_ ids: [JobID]) async throws(BatchTrouble) {
        let fresh = ids.filter { !files.ledger.written.contains($0.line) && scan.customIDs[$0.line] != nil }
        guard !fresh.isEmpty else { return }
        let isOver = tools.now() >= batch.expiresAt && tools.rack.cancelledAt(batch.id) == nil
        let lines = zip(fresh, try await jobs.records(fresh)).compactMap { id, record in
            record.map { BatchLine($0, isOver: isOver) } ?? BatchLine(forgotten: id, scan.customIDs[id.line])
        }
        try await files.add(lines, to: &batch)
    }

    private mutating func finish() async throws(BatchTrouble) {
        batch.counts.completed = files.ledger.completed
        batch.counts.failed = files.ledger.failed
        batch.enter(.finalizing, at: tools.now())
        try await files.sync()
        try await tools.save(batch)
        if let time = tools.rack.cancelledAt(batch.id) {
            batch.moments[FileBatch.Status.cancelling.rawValue] = time.milliseconds
            batch.enter(.cancelled, at: tools.now())
        } else {
            batch.enter(files.ledger.hasExpired ? .expired : .completed, at: tools.now())
        }
        try await tools.save(batch)
        tools.tidy(batch.id)
    }
}
