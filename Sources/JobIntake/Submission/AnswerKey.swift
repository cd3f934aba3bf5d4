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
        return base64URL(digest.digest().prefix(16))
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func base64URL(_ bytes: some Collection<UInt8>) -> String {
        var text: [UInt8] = []
        var (bits, count): (UInt32, UInt32) = (0, 0)
        for byte in bytes {
            (bits, count) = (bits << 8 | UInt32(byte), count + 8)
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> count & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << (6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}

extension AnswerReuse {
    /// Where the jobs of this key go: equal requests have to meet in one partition.
    func partition(of partitions: Int) -> Int {
        let number = key.utf8.reduce(UInt64(0)) { $0 &* 31 &+ UInt64($1) }
        return Int(number % UInt64(max(1, partitions)))
    }
}
