import Crypto
import Gzip
import HTTPTypes

/// The text of a batch as it comes: as it is, or packed.
final class BatchText {
    private let gunzip: Gunzip?
    private var part: [UInt8]?
    private var isFirst = true
    /// Of what was read so far; nil where nobody asks.
    private(set) var digest: SHA256?

    init(_ headers: HTTPFields, digest: SHA256? = nil) throws(IntakeProblem) {
        self.digest = digest
        let type = (headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }
        guard ["application/x-ndjson", "application/jsonl", "application/x-jsonlines"].contains(type) else {
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_media_type",
                "Content-Type has to be application/x-ndjson.", param: "Content-Type")
        }
        switch headers[.contentEncoding]?.lowercased() {
        case nil, "identity": gunzip = nil
        case "gzip", "x-gzip":
            do throws(Gunzip.Fault) { gunzip = try Gunzip() } catch { throw .internalError }
        default:
            throw IntakeProblem(
                .unsupportedMediaType, code: "unsupported_content_encoding", "Content-Encoding has to be gzip.",
                param: "Content-Encoding")
        }
    }

    /// The next part of the body.
    func load(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        isFirst = false
        if let gunzip { gunzip.load(bytes) } else { part = bytes }
    }

    /// The next piece of the text; nil when the next part is needed.
    func next() throws(IntakeProblem) -> ArraySlice<UInt8>? {
        let piece = try unpacked()
        if let piece { digest?.update(data: piece) }
        return piece
    }

    private func unpacked() throws(IntakeProblem) -> ArraySlice<UInt8>? {
        guard let gunzip else {
            defer { part = nil }
            return part.map { $0[...] }
        }
        do throws(Gunzip.Fault) { return try gunzip.next() } catch { throw Self.broken }
    }

    func end() throws(IntakeProblem) {
        if let gunzip, !isFirst, !gunzip.isComplete { throw Self.broken }
    }

    private static let broken = IntakeProblem(.badRequest, code: "invalid_gzip", "The body is not a gzip stream.")
}
