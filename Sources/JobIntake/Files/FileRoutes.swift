import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import NIOCore

/// `GET /v1/files`, `/v1/files/{id}`, `/v1/files/{id}/content` and `DELETE /v1/files/{id}`. A file of somebody else is none.
struct FileRoutes: Sendable {
    let shelf: FileShelf
    let now: WallClock
    let logger: Logger

    func list(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let page = try PageParameters(request.query, limit: 1...10_000, usual: 10_000)
        let purpose = try request.query("purpose")
        let (time, caller) = (now(), request.caller)
        let files = await reading { shelf.all(at: time) }.filter {
            caller.sees($0.record.caller) && (purpose ?? $0.record.purpose) == $0.record.purpose
        }
        return .json(page.list(files, id: \.record.id) { $0.record.object(bytes: $0.bytes) })
    }

    func read(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let (record, bytes) = try await find(request)
        return .json(record.object(bytes: bytes))
    }

    func delete(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let (record, _) = try await find(request)
        await reading { shelf.remove(record.id) }
        return .json(
            JSONWriter.object { json in
                json.member("id", record.id)
                json.member("object", "file")
                json.member("deleted", true)
            })
    }

    /// As much as there is now: a file may still grow.
    func content(_ request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let (record, bytes) = try await find(request)
        let path = shelf.folder.path(shelf.data(record.id))
        let headers: HTTPFields = [.contentType: "application/octet-stream", .cacheControl: "no-store"]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody(contentLength: bytes) { writer in
                let file = try OpenFile(path, .read)
                var offset = 0
                while offset < bytes {
                    let (start, count) = (offset, min(65_536, bytes - offset))
                    let piece = try await DiskFolder.run { () throws(FileFault) in try file.read(count, at: start) }
                    guard !piece.isEmpty else { throw FileFault(call: "read", number: 5) }
                    offset += piece.count
                    try await writer.write(ByteBuffer(bytes: piece))
                }
                try await writer.finish(nil)
            })
    }

    private func find(_ request: IntakeRequest) async throws(IntakeProblem) -> (FileRecord, Int) {
        guard let id = request.parameters.first else { throw .fileNotFound }
        let time = now()
        guard let (record, bytes) = await reading({ shelf.find(id, at: time) }), request.caller.sees(record.caller)
        else { throw .fileNotFound }
        return (record, bytes)
    }

    private func reading<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in DiskFolder.begin { continuation.resume(returning: body()) } }
    }
}
