import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import NIOCore

/// `POST /v1/files`: the file goes to the disk as it comes.
struct UploadFile: Sendable {
    let shelf: FileShelf
    let maximumBytes: Int
    let now: WallClock
    let logger: Logger

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        guard let parser = MultipartParser(contentType: request.headers[.contentType] ?? "") else {
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_media_type", "Content-Type has to be multipart/form-data.",
                param: "Content-Type")
        }
        let draft = "upload-\(DiskFolder.unique()).tmp"
        do throws(IntakeProblem) {
            let (form, file, bytes) = try await receive(request, parser, draft)
            let record = try form.record(request.caller.name, at: now())
            try await disk {
                () throws(FileFault) in
                try file.sync()
                try shelf.add(record, draft: draft)
            }
            return .json(record.object(bytes: bytes))
        } catch {
            shelf.folder.remove(draft)
            throw error
        }
    }

    private func receive(_ request: IntakeRequest, _ parser: MultipartParser, _ draft: String)
        async throws(IntakeProblem) -> (UploadForm, OpenFile, Int)
    {
        var (parser, form, total) = (parser, UploadForm(), 0)
        let path = shelf.folder.path(draft)
        let file = try await disk { () throws(FileFault) in try OpenFile(path, .create) }
        var parts = request.request.body.makeAsyncIterator()
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
            guard total <= maximumBytes else { throw Self.tooLarge(maximumBytes) }
            // Into the system's memory: that does not wait for the disk.
            if !bytes.isEmpty { try await disk { [bytes] () throws(FileFault) in try file.write(bytes) } }
        }
        guard parser.isEnded else { throw Self.malformed }
        return (form, file, total)
    }

    private static func events(_ parser: inout MultipartParser, _ part: ByteBuffer) throws(IntakeProblem)
        -> [MultipartParser.Event]
    {
        do throws(MultipartParser.Fault) { return try parser.feed(part.readableBytesView) } catch { throw malformed }
    }

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

    static let fileNotFound = IntakeProblem(
        .notFound, code: "file_not_found", "There is no file of that id.", param: "id")
}
