import HTTPTypes
import Hummingbird
import JobFlow
import Logging

/// `GET /v1/jobs/batch/{id}/results`: the ended jobs of a batch in the order of their ends, page by page.
struct ReadResults: Sendable {
    let read: ReadBatch
    let batches: any JobBatches
    let store: any JobStore
    let partitions: Int
    let logger: Logger

    /// Records that are read at a time, and bytes of results after which no more are: a page is never much larger.
    private static let slice = 64
    private static let mostBytes = 4 << 20

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let limit = try Self.limit(request)
        var page = ResultPage(cursor: try cursor(request), limit: limit)
        let (id, _) = try await read.find(request)
        do throws(StoreError) {
            for partition in 0..<partitions where !page.isFull { try await fill(&page, id, partition) }
        } catch {
            logger.fault("results of a batch could not be read", error, request.id)
            throw IntakeProblem(error)
        }
        return .json(page.bytes)
    }

    private func fill(_ page: inout ResultPage, _ batch: BatchID, _ partition: Int) async throws(StoreError) {
        while !page.isFull {
            let wanted = min(Self.slice, page.room)
            let ids = try await ended(batch, partition, &page.cursor, wanted)
            for (id, record) in zip(ids, try await ManyRecords(store: store).read(ids)) { page.add(id, record) }
            page.cursor[partition] += ids.count
            if page.size >= Self.mostBytes { page.isFull = true }
            if ids.count < wanted { return }
        }
    }

    /// The one before is read, too: if it is gone, the server came back without its last writes, and has a new list.
    private func ended(_ batch: BatchID, _ partition: Int, _ cursor: inout ResultCursor, _ wanted: Int)
        async throws(StoreError) -> [JobID]
    {
        let start = cursor[partition]
        guard start > 0 else { return try await batches.ended(in: batch, partition: partition, from: 0, limit: wanted) }
        let ids = try await batches.ended(in: batch, partition: partition, from: start - 1, limit: wanted + 1)
        if ids.isEmpty { cursor[partition] = 0 }
        return Array(ids.dropFirst())
    }

    private func cursor(_ request: IntakeRequest) throws(IntakeProblem) -> ResultCursor {
        guard let text = try request.query("after") else { return ResultCursor(partitions: partitions) }
        guard let cursor = ResultCursor(text, partitions: partitions) else {
            throw .field("after", "after has to be next_after of the page before.")
        }
        return cursor
    }

    private static func limit(_ request: IntakeRequest) throws(IntakeProblem) -> Int {
        guard let text = try request.query("limit") else { return 100 }
        guard let limit = PlainNumber.read(text).flatMap(Int.init(exactly:)), 1...1000 ~= limit else {
            throw .field("limit", "limit has to be a whole number from 1 to 1000.")
        }
        return limit
    }
}

/// A page of ended jobs, while it is filled.
struct ResultPage: Sendable {
    var cursor: ResultCursor
    /// Entries that may still be looked at.
    private(set) var room: Int
    private var entries: [[UInt8]] = []
    private(set) var size = 0
    var isFull: Bool

    init(cursor: ResultCursor, limit: Int) {
        self.cursor = cursor
        room = limit
        isFull = limit == 0
    }

    /// One that runs again is none: it comes again when it has ended. Of one that is kept no longer its name is known.
    mutating func add(_ id: JobID, _ record: JobRecord?) {
        room -= 1
        isFull = room == 0
        if let record, !record.state.isTerminal { return }
        let entry = JSONWriter.object(capacity: (record?.result?.body.count ?? 0) + 600) { json in
            json.member("line", id.line)
            json.member("id", id.description)
            json.member("job", rawOrNull: record.map { JobObject.bytes($0) })
        }
        size += entry.count
        entries.append(entry)
    }

    var bytes: [UInt8] {
        JSONWriter.object(capacity: size + entries.count + 128) { json in
            json.member("object", "list")
            json.member("data", array: { list in for entry in entries { list.element(raw: entry) } })
            json.member("has_more", isFull)
            json.member("next_after", cursor.description)
        }
    }
}
