import Crypto
import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import NIOCore

/// `POST /v1/files`: the file goes to the disk as it comes.
struct UploadFile: Sendable {
    let shelf: FileShelf
    let limits: FileLimits
    let now: WallClock
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        guard let parser = MultipartParser(contentType: request.headers[.contentType] ?? "") else {
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_media_type", "Content-Type has to be multipart/form-data.",
                param: "Content-Type")
        }
        try await checkRoom(request)
        let draft = "upload-\(DiskFolder.unique()).tmp"
        do throws(IntakeProblem) {
            let received = try await receive(request, parser, draft)
            let record = try received.form.record(request.caller.name, at: now())
            let sending = SentBefore.Sending(request, "file", received.digest)
            return .json(try await keep(record, received, draft, sending).object(bytes: received.bytes))
        } catch {
            shelf.folder.remove(draft)
            throw error
        }
    }

    private func checkRoom(_ request: IntakeRequest) async throws(IntakeProblem) {
        let shelf = shelf
        let used = try await disk { () throws(FileFault) in shelf.usage() }
        let announced = min(limits.fileBytes, request.headers[.contentLength].flatMap { Int($0) } ?? 0)
        guard used.files < limits.files, used.bytes + announced <= limits.bytes else {
            logger.warning(
                "a file was refused, there is no room", metadata: ["files": "\(used.files)", "bytes": "\(used.bytes)"])
            throw .filesFull
        }
    }

    /// A file that was sent before is the one that was made then.
    private func keep(_ record: FileRecord, _ received: Received, _ draft: String, _ sending: SentBefore.Sending?)
        async throws(IntakeProblem) -> FileRecord
    {
        let (shelf, file, time) = (shelf, received.file, now())
        return try await disk { () throws(FileFault) in
            var record = record
            record.id = try SentBefore(folder: shelf.folder).id(sending, fresh: record.id, at: time)
            if let known = shelf.find(record.id, at: time)?.record {
                shelf.folder.remove(draft)
                return known
            }
            try file.sync()
            try shelf.add(record, draft: draft)
            return record
        }
    }

    private struct Received {
        var form: UploadForm
        var file: OpenFile
        var bytes: Int
        /// Of the whole form.
        var digest: SHA256
    }

    private func receive(_ request: IntakeRequest, _ parser: MultipartParser, _ draft: String)
        async throws(IntakeProblem) -> Received
    {
        var (parser, form, total, digest) = (parser, UploadForm(), 0, SHA256())
        let path = shelf.folder.path(draft)
        let file = try await disk { () throws(FileFault) in try OpenFile(path, .create) }
        var parts = request.body.makeAsyncIterator()
        while let part = try await next(&parts) {
            var bytes: [UInt8] = []
            for event in try Self.events(&parser, part) {
                switch event {
                case .part(let name, let filename): try form.begin(name, filename: filename)
                case .bytes(let piece): if try form.add(piece) { bytes += piece }
                case .partEnded: break
                }
            }
            total += bytes.count
            digest.update(data: bytes)
            guard total <= limits.fileBytes else { throw Self.tooLarge(limits.fileBytes) }
            // Into the system's memory: that does not wait for the disk.
            if !bytes.isEmpty { try await disk { [bytes] () throws(FileFault) in try file.write(bytes) } }
        }
        guard parser.isEnded else { throw Self.malformed }
        form.add(to: &digest)
        return Received(form: form, file: file, bytes: total, digest: digest)
    }

    private static func events(_ parser: inout MultipartParser, _ part: ByteBuffer) throws(IntakeProblem)
        -> [MultipartParser.Event]
    {
        do throws(MultipartParser.Fault) { return try parser.feed(part.readableBytesView) } catch { throw malformed }
    }

    @concurrent
    private func next(_ parts: inout RequestBody.AsyncIterator) async throws(IntakeProblem) -> ByteBuffer? {
        do { return try await parts.next() } catch {
            throw IntakeProblem(
                .badRequest, code: "incomplete_request", "The connection ended before the body did.", retry: .unknown)
        }
    }

    private func disk<Value: Sendable>(_ body: @escaping @Sendable () throws(FileFault) -> Value)
        async throws(IntakeProblem) -> Value
    {
        do throws(FileFault) { return try await DiskFolder.run(body) } catch {
            logger.error("a file could not be written", metadata: ["error": "\(error)"])
            throw .filesUnavailable
        }
    }

    private static let malformed = IntakeProblem(
        .badRequest, code: "malformed_form", "The body is not a complete multipart form.")

    private static func tooLarge(_ limit: Int) -> IntakeProblem {
        IntakeProblem(
            .contentTooLarge, code: "file_too_large", "The file is larger than the \(limit) bytes allowed.",
            param: "file")
    }
}

extension IntakeProblem {
    static let filesUnavailable = IntakeProblem(
        .serviceUnavailable, type: "server_error", code: "files_unavailable",
        "The files of this server cannot be used at the moment. Send the request again.",
        retry: .after(milliseconds: 1000))

    static let filesFull = IntakeProblem(
        HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"), type: "server_error", code: "files_full",
        "As many files are stored here as may. Delete some that are not needed any more, or let them expire.",
        param: "file")

    static let fileNotFound = IntakeProblem(
        .notFound, code: "file_not_found", "There is no file of that id.", param: "id")
}
