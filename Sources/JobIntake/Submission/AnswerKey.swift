import Crypto
import FoundationEssentials
import JobFlow

/// What tells equal requests from others: everything that changes their answer, and whose they are.
enum AnswerKey {
    /// Members of a body that change nothing in its answer.
    private static let omitted: [StaticString] = [
        "stream", "stream_options", "metadata", "store", "user", "prompt_cache_key", "safety_identifier",
    ]

    /// Nil for a body that has no one spelling.
    static func key(caller: String, path: UpstreamPath, model: String?, body: [UInt8]) -> String? {
        guard let canonical = CanonicalJSON.object(body[...], without: omitted) else { return nil }
        var digest = SHA256()
        digest.update(part: "caller", caller.utf8)
        digest.update(part: "path", path.rawValue.utf8)
        digest.update(part: "model", (model ?? "").utf8)
        digest.update(part: "body", canonical)
        return base64URL(Data(digest.finalize().prefix(16)))
    }

    /// RFC 4648, section 5, without padding.
    private static func base64URL(_ bytes: Data) -> String {
        bytes.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}

extension AnswerReuse {
    /// Where the jobs of this key go: equal requests have to meet in one partition.
    func partition(of partitions: Int) -> Int {
        let number = key.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        return Int(number % UInt64(max(1, partitions)))
    }
}
