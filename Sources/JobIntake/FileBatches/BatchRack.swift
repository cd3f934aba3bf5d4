import JobFlow

/// The documents of batches, beside the files. A batch has up to four files of its own: its document `<id>.batch`, `.input`
/// (another name of the file that it came in), `.lock`, and `.cancel` once somebody wants it cancelled.
struct BatchRack: Sendable {
    /// How long an ended batch can be read.
    static let kept = Duration.seconds(30 * 86_400)

    let folder: DiskFolder

    /// Nil if there is none.
    func find(_ id: BatchID) -> FileBatch? {
        guard id.kind == .file, var batch = (try? folder.read(document(id))).flatMap(FileBatch.init) else { return nil }
        if !batch.status.isTerminal, batch.status != .finalizing, let time = cancelledAt(id) {
            batch.enter(.cancelling, at: time)
        }
        return batch
    }

    /// Oldest first.
    func all() -> [FileBatch] { ids().compactMap(find) }

    /// Names begin with their time.
    func ids() -> [BatchID] {
        folder.names().filter { $0.hasSuffix(".batch") }.sorted().compactMap { BatchID($0.dropLast(6)) }
    }

    /// Unless it is there already: then it is as it is.
    func add(_ batch: FileBatch, input: String) throws(FileFault) -> FileBatch {
        if let known = find(batch.id) { return known }
        try folder.link(input, self.input(batch.id))
        return try folder.create(document(batch.id), batch.encoded) ? batch : find(batch.id) ?? batch
    }

    func save(_ batch: FileBatch) throws(FileFault) { try folder.replace(document(batch.id), batch.encoded) }

    /// Whoever runs the batch looks for it.
    func cancel(_ id: BatchID, at now: Timestamp) throws(FileFault) {
        guard cancelledAt(id) == nil else { return }
        try folder.replace("\(id).cancel", Array(String(now.milliseconds).utf8))
    }

    func cancelledAt(_ id: BatchID) -> Timestamp? {
        guard let text = try? folder.read("\(id).cancel") else { return nil }
        return Int64(String(decoding: text, as: UTF8.self)).map(Timestamp.init(milliseconds:))
    }

    /// Nil while another process runs the batch.
    func lock(_ id: BatchID) -> OpenFile? {
        guard let file = try? OpenFile(folder.path("\(id).lock"), .append), file.lock() else { return nil }
        return file
    }

    /// A batch that has ended needs its document only.
    func tidy(_ id: BatchID) { for end in ["input", "lock", "cancel"] { folder.remove("\(id).\(end)") } }

    /// Forgets batches that ended long ago. Their names tell since when there is something to look for.
    func sweep(at now: Timestamp) {
        for id in ids() where id.createdAt + Self.kept < now {
            guard let batch = find(id), let end = batch.endedAt, end + Self.kept < now else { continue }
            tidy(id)
            folder.remove(document(id))
        }
    }

    func input(_ id: BatchID) -> String { "\(id).input" }

    private func document(_ id: BatchID) -> String { "\(id).batch" }
}
