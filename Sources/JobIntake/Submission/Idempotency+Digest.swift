import JobFlow

extension Idempotency {
    /// What tells two requests under one key apart; as written, so nothing is decoded for it. `url` and `queue` are taken
    /// after their defaults.
    private static let raw = [
        "body", "prompt", "model", "deadline", "expires_in", "max_attempts", "custom_id", "metadata", "cache",
    ]

    init(caller: String, key: String, path: UpstreamPath, queue: String, _ fields: JobFields) {
        var name = SHA256()
        name.update(part: "caller", caller.utf8)
        name.update(part: "key", key.utf8)
        var content = SHA256()
        content.update(part: "url", path.rawValue.utf8)
        content.update(part: "queue", queue.utf8)
        for field in Self.raw {
            if let value = fields[field] { content.update(part: field, value.raw) }
        }
        self.init(key: name.hexadecimal(), content: content.hexadecimal())
    }

    /// Where the job of this key goes: repeated requests have to meet in one partition.
    func partition(of partitions: Int) -> Int {
        let start = UInt64(key.prefix(15), radix: 16) ?? 0
        return Int(start % UInt64(max(1, partitions)))
    }
}

extension SHA256 {
    /// Name and length go first, so that no two lists of parts give the same text.
    fileprivate mutating func update(part name: String, _ bytes: some Collection<UInt8>) {
        update(Array("\(name):\(bytes.count):".utf8))
        update(bytes)
    }
}
