import Crypto
import HTTPTypes
import JobFlow

/// What an official SDK says of how often it has sent a batch before. Its first job carries that: a batch that comes again is
/// known by it.
struct Sending: Sendable, Equatable {
    var retries: Int
    /// So that batches that begin alike are told apart.
    var length: String

    /// Nil for any other client.
    init?(_ request: IntakeRequest) {
        guard let retries = request.headers[.stainlessRetryCount].flatMap({ Int($0) }) else { return nil }
        self.retries = retries
        length = request.headers[.contentLength] ?? ""
    }
}

extension Idempotency {
    /// A job of its own and the first of a batch are never the same.
    func firstOfBatch(_ sending: Sending) -> Idempotency {
        var digest = SHA256()
        digest.update(part: "batch", key.utf8)
        digest.update(part: "length", sending.length.utf8)
        return Idempotency(key: digest.hexadecimal(), content: content, source: source)
    }
}
