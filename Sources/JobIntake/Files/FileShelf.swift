import JobFlow

/// Files of callers in a folder: `<id>.data`, and `<id>.json` beside it, without which there is no file.
struct FileShelf: Sendable {
    let folder: DiskFolder

    func data(_ id: String) -> String { id + ".data" }

    private func metadata(_ id: String) -> String { id + ".json" }

    /// Nil if there is none, or its time is over.
    func find(_ id: String, at now: Timestamp) -> (record: FileRecord, bytes: Int)? {
        guard FileRecord.isID(id), let text = try? folder.read(metadata(id)), let record = FileRecord(text),
            !record.isExpired(at: now), let bytes = try? OpenFile(folder.path(data(id)), .read).size()
        else { return nil }
        return (record, bytes)
    }

    /// Oldest first.
    func all(at now: Timestamp) -> [(record: FileRecord, bytes: Int)] {
        let ids = folder.names().filter { $0.hasPrefix("file-") && $0.hasSuffix(".json") }.map {
            String($0.dropLast(5))
        }
        return ids.sorted().compactMap { find($0, at: now) }
    }

    /// Puts a draft on the shelf: first its bytes, then what makes it a file. Harmless if the same is there.
    func add(_ record: FileRecord, draft: String) throws(FileFault) {
        try folder.move(draft, data(record.id))
        try folder.replace(metadata(record.id), record.encoded)
    }

    /// A file that still grows. Harmless if it is there.
    func begin(_ record: FileRecord) throws(FileFault) -> OpenFile {
        let file = try OpenFile(folder.path(data(record.id)), .append)
        if !folder.exists(metadata(record.id)) { try folder.replace(metadata(record.id), record.encoded) }
        return file
    }

    func remove(_ id: String) {
        folder.remove(metadata(id))
        folder.remove(data(id))
    }

    /// How much there is, drafts included.
    func usage() -> (files: Int, bytes: Int) {
        let sizes = folder.names().filter { $0.hasSuffix(".data") || $0.hasSuffix(".tmp") }
            .compactMap { folder.facts($0)?.bytes }
        return (sizes.count, sizes.reduce(0, +))
    }

    /// Files whose time is over, and what processes left behind that were killed.
    func sweep(at now: Timestamp) {
        let names = folder.names()
        for name in names where name.hasPrefix("file-") && name.hasSuffix(".json") {
            guard let text = try? folder.read(name), let record = FileRecord(text), record.isExpired(at: now) else {
                continue
            }
            remove(record.id)
        }
        let records = Set(names.filter { $0.hasSuffix(".json") }.map { $0.dropLast(5) })
        for name in names where name.hasSuffix(".tmp") || name.hasSuffix(".data") && !records.contains(name.dropLast(5))
        {
            // Nothing takes a day to be written.
            guard let facts = folder.facts(name), facts.modifiedSeconds + 86_400 < now.milliseconds / 1000 else {
                continue
            }
            folder.remove(name)
        }
    }
}
