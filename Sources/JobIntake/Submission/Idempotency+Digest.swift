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

        /// Nil where nothing tells that a request may come again.
        init?(key: String?, sdkRetries: Int?) {
            if let key {
                self = .chosen(key)
            } else if let sdkRetries {
                self = sdkRetries > 0 ? .resend : .firstSend
            } else {
                return nil
            }
        }
    }

    /// What tells two requests under one key apart; as written, so nothing is decoded for it. `url` and `queue` are taken
    /// after their defaults.
    private static let raw = [
        "body", "prompt", "model", "deadline", "expires_in", "max_attempts", "custom_id", "metadata", "cache",
        "webhook_url",
    ]

    init(caller: String, _ name: Name, path: UpstreamPath, queue: String, _ fields: JobFields) {
        let parts = Self.raw.compactMap { field in fields[field].map { (field, $0.raw) } }
        self.init(caller: caller, name, path: path, queue: queue, parts)
    }

    /// Of a request that is an upstream request as it is: the same as if it were submitted under `body`.
    init(
        caller: String, _ name: Name, path: UpstreamPath, queue: String, body: ArraySlice<UInt8>, deployment: String?
    ) {
        let more = deployment.map { [("deployment", ArraySlice($0.utf8))] } ?? []
        self.init(caller: caller, name, path: path, queue: queue, [("body", body)] + more)
    }

    private init(
        caller: String, _ name: Name, path: UpstreamPath, queue: String, _ parts: [(String, ArraySlice<UInt8>)]
    ) {
        var content = SHA256()
        content.update(part: "url", path.rawValue.utf8)
        content.update(part: "queue", queue.utf8)
        for (name, value) in parts { content.update(part: name, value) }
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
