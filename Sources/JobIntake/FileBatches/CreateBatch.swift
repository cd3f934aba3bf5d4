import Crypto
import HTTPTypes
import Hummingbird
import JobFlow
import Logging

/// `POST /v1/batches`. Looks at what it was sent only: the file is checked later, as the batch's first step.
struct CreateBatch: Sendable {
    let rack: BatchRack
    let shelf: FileShelf
    let maximumBytes: Int
    let now: WallClock
    let onNew: @Sendable () -> Void
    let logger: Logger

    private typealias Sending = SentBefore.Sending

    private static let fields = [
        "completion_window", "endpoint", "input_file_id", "metadata", "output_expires_after",
    ]

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        try ContentRules.check(request.headers)
        let bytes = try await request.body(upTo: maximumBytes)
        var wanted = try batch(bytes, request.caller.name)
        wanted.trace = request.trace?.context ?? TraceContext(request.headers)
        var content = SHA256()
        content.update(data: bytes)
        guard let batch = try await added(wanted, request, Sending(request, "batch", content)) else {
            throw .field("input_file_id", "There is no file of that id.", code: "file_not_found")
        }
        request.trace?.found(batch.id)
        onNew()
        return .json(batch.object(batch.counts))
    }

    /// The batch; one that was sent before is the one that it made then. Nil if its file is not there.
    private func added(_ wanted: FileBatch, _ request: IntakeRequest, _ sending: Sending?)
        async throws(IntakeProblem) -> FileBatch?
    {
        let (shelf, rack, caller, time) = (shelf, rack, request.caller, now())
        do throws(FileFault) {
            return try await DiskFolder.run { () throws(FileFault) in
                var batch = wanted
                let id = try SentBefore(folder: rack.folder).id(sending, fresh: wanted.id.description, at: time)
                batch.id = BatchID(id) ?? wanted.id
                if let known = rack.find(batch.id) { return known }
                guard let (file, _) = shelf.find(batch.inputFile, at: time), caller.sees(file.caller) else {
                    return nil
                }
                return try rack.add(batch, input: shelf.data(file.id))
            }
        } catch {
            // Deleted just now.
            if error.isMissing { return nil }
            logger.error("a batch could not be written", metadata: ["error": "\(error)"])
            throw .filesUnavailable
        }
    }

    private func batch(_ bytes: [UInt8], _ caller: String) throws(IntakeProblem) -> FileBatch {
        let object: JSONObject
        do throws(JSONFault) { object = try JSONObject(parsing: bytes) } catch {
            throw .body("\(error).", code: "invalid_json")
        }
        let fields = try JobFields(object, allowed: Self.fields)
        guard let input = try fields.string("input_file_id") else {
            throw .field("input_file_id", "input_file_id is missing.", code: "missing_field")
        }
        let window = try fields.string("completion_window") ?? "24h"
        guard let span = BatchWindow.read(window) else {
            throw .field("completion_window", "completion_window has to be a time such as 24h, and at most 7d.")
        }
        let time = now()
        var random = SystemRandomNumberGenerator()
        return FileBatch(
            id: BatchID(.file, createdAt: time, random: &random), caller: caller, endpoint: try Self.endpoint(fields),
            inputFile: input, window: window, createdAt: time, expiresAt: time + span,
            metadata: try MetadataField.read(fields["metadata"]), outputSeconds: try Self.outputSeconds(fields))
    }

    private static func endpoint(_ fields: JobFields) throws(IntakeProblem) -> UpstreamPath {
        guard let text = try fields.string("endpoint") else {
            throw .field("endpoint", "endpoint is missing.", code: "missing_field")
        }
        guard let path = UpstreamPath(rawValue: text) ?? UpstreamPath(rawValue: "/v1" + text) else {
            let allowed = UpstreamPath.allCases.map(\.rawValue).joined(separator: ", ")
            throw .field("endpoint", "endpoint has to be one of \(allowed).")
        }
        return path
    }

    private static func outputSeconds(_ fields: JobFields) throws(IntakeProblem) -> Int? {
        guard let object = fields["output_expires_after"]?.object else { return nil }
        let inner = try JobFields(object, allowed: ["anchor", "seconds"], prefix: "output_expires_after.")
        return try inner.integer("seconds", 3600...2_592_000)
    }
}
