import Crypto
import HTTPTypes
import JobFlow
import Logging

/// Tells whether a batch that comes under a used key is the one that came before: by the digest of its text and terms, noted
/// when all of it was accepted. Until then, as after a connection that broke, lines are told apart by their number only.
struct KnownBatch: Sendable {
    let batches: any JobBatches
    let logger: Logger

    /// Nil also while the queue cannot tell: lines that are sent again are known by their number all the same.
    func find(_ id: BatchID, _ request: IntakeRequest) async -> SentBatch? {
        do throws(StoreError) { return try await batches.sent(id) } catch {
            logger.fault("what came under a key could not be read", error, request.id)
            return nil
        }
    }

    func note(_ id: BatchID, _ digest: SHA256, _ answer: [UInt8], _ request: IntakeRequest) async {
        let sent = SentBatch(digest: digest.hexadecimal(), answer: answer)
        do throws(StoreError) { try await batches.remember(sent, as: id) } catch {
            logger.fault("what came under a key could not be noted", error, request.id)
        }
    }

    /// Begins with what holds for all lines.
    static func digest(_ request: IntakeRequest) throws(IntakeProblem) -> SHA256 {
        var digest = SHA256()
        for name in ["queue", "expires_in", "max_attempts"] {
            if let value = try request.query(name) { digest.update(part: name, value.utf8) }
        }
        digest.update(part: "text", [])
        return digest
    }
}
