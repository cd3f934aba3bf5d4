import JobFlow

/// The output and error file of a batch. Each is made with its first line; those of an earlier run go on.
struct BatchFiles {
    let tools: BatchTools
    private(set) var ledger = BatchLedger()

    init(tools: BatchTools) { self.tools = tools }

    mutating func open(_ batch: FileBatch) async throws(BatchTrouble) {
        let (shelf, output, errors) = (tools.shelf, record(batch, batch.outputFile), record(batch, batch.errorFile))
        ledger = try await tools.disk { () throws(FileFault) in
            var ledger = BatchLedger()
            if let output { ledger.output = try shelf.begin(output) }
            if let errors { ledger.errors = try shelf.begin(errors) }
            try ledger.load()
            return ledger
        }
    }

    /// Lines that are in a file already are left out.
    mutating func add(_ lines: [BatchLine], to batch: inout FileBatch) async throws(BatchTrouble) {
        guard !lines.isEmpty else { return }
        try await begin(lines, &batch)
        let (text, output, errors) = (ledger.text(lines), ledger.output, ledger.errors)
        try await tools.disk { () throws(FileFault) in
            try output?.write(text.output)
            try errors?.write(text.errors)
        }
        ledger.wrote(lines)
    }

    /// The batch names a file before there is one: so that one that was begun is found again.
    private mutating func begin(_ lines: [BatchLine], _ batch: inout FileBatch) async throws(BatchTrouble) {
        let needsOutput = batch.outputFile == nil && lines.contains { !$0.isError }
        let needsErrors = batch.errorFile == nil && lines.contains(where: \.isError)
        guard needsOutput || needsErrors else { return }
        if needsOutput { batch.outputFile = FileRecord.newID(at: tools.now()) }
        if needsErrors { batch.errorFile = FileRecord.newID(at: tools.now()) }
        try await tools.save(batch)
        let (shelf, output, errors) = (tools.shelf, record(batch, batch.outputFile), record(batch, batch.errorFile))
        if needsOutput, let output {
            ledger.output = try await tools.disk { () throws(FileFault) in try shelf.begin(output) }
        }
        if needsErrors, let errors {
            ledger.errors = try await tools.disk { () throws(FileFault) in try shelf.begin(errors) }
        }
    }

    private func record(_ batch: FileBatch, _ id: String?) -> FileRecord? {
        guard let id else { return nil }
        let (now, kind) = (tools.now(), id == batch.outputFile ? "output" : "error")
        return FileRecord(
            id: id, caller: batch.caller, filename: "\(batch.id)_\(kind).jsonl", purpose: "batch_output",
            createdAt: now, expiresAt: now + (batch.outputSeconds.map { .seconds($0) } ?? FileRecord.kept))
    }

    func sync() async throws(BatchTrouble) {
        let ledger = ledger
        try await tools.disk { () throws(FileFault) in try ledger.sync() }
    }
}
