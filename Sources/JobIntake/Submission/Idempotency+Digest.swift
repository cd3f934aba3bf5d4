import Crypto
import JobFlow

extension Idempotency {
    /// How a request is known again.
    enum Name {
        /// By the key that its client chose.
        case chosen(String)
        /// By its content, as an official SDK sends it: without a key, but counting how often it was sent before.
        case firstSend
        case resend
    }

    /// What tells two requests under one key apart; as written, so nothing is decoded for it. `url` and `queue` are taken
    /// after their defaults.
    private static let raw = [
        "body", "prompt", "model", "deadline", "expires_in", "max_attempts", "custom_id", "metadata", "cache",
    ]

    init(caller: String, _ name: Name, path: UpstreamPath, queue: String, _ fields: JobFields) {
        var content = SHA256()
        content.update(part: "url", path.rawValue.utf8)
        content.update(part: "queue", queue.utf8)
        for field in Self.raw {
            if let value = fields[field] { content.update(part: field, value.raw) }
        }
        let digest = content.hexadecimal()
        var key = SHA256()
        key.update(part: "caller", caller.utf8)
        if case .chosen(let text) = name {
            key.update(part: "key", text.utf8)
        } else {
            key.update(part: "send", digest.utf8)
        }
        self.init(key: key.hexadecimal(), content: digest, source: name.source)
    }

    /// Where the job of this key goes: repeated requests have to meet in one partition.
    func partition(of partitions: Int) -> Int {
        let start = UInt64(key.prefix(15), radix: 16) ?? 0
        return Int(start % UInt64(max(1, partitions)))
    }
}

extension Idempotency.Name {
    fileprivate var source: Idempotency.Source {
        switch self {
        case .chosen: .key
        case .firstSend: .firstSend
        case .resend: .resend
        }
    }
}
