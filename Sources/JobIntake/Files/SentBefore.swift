import Crypto
import JobFlow

/// Which file or batch a request made, by what is in it: an official SDK that has lost its connection sends a POST again,
/// under no key. Notes of that lie beside the files, so every intake of the folder knows them.
struct SentBefore: Sendable {
    /// An SDK gives up long before.
    static let kept = Duration.seconds(900)

    let folder: DiskFolder

    /// How often it was sent before, and the digest of its caller and content.
    struct Sending: Sendable {
        var retries: Int
        var digest: String

        /// Nil for a client that does not tell.
        init?(_ request: IntakeRequest, _ kind: StaticString, _ content: SHA256) {
            guard let retries = request.sdkRetries else { return nil }
            self.retries = retries
            var digest = SHA256()
            digest.update(part: "kind", "\(kind)".utf8)
            digest.update(part: "caller", request.caller.name.utf8)
            digest.update(part: "content", Array(content.finalize()))
            self.digest = digest.hexadecimal()
        }
    }

    /// The id that the request makes its file or batch under: `fresh` for a first send, that of the first for one that comes
    /// again. It is noted before there is anything of that id, so two sends that overtake each other agree.
    func id(_ sending: Sending?, fresh: String, at now: Timestamp) throws(FileFault) -> String {
        guard let sending else { return fresh }
        let name = "sent-" + sending.digest
        let text = Array("\(now.milliseconds) \(fresh)".utf8)
        if sending.retries > 0 {
            if let known = id(name, at: now) { return known }
            folder.remove(name)
            if try !folder.create(name, text), let known = id(name, at: now) { return known }
        }
        try folder.replace(name, text)
        return fresh
    }

    /// Notes that nobody needs any more go.
    func sweep(at now: Timestamp) {
        for name in folder.names() where name.hasPrefix("sent-") && !name.hasSuffix(".tmp") && id(name, at: now) == nil
        {
            folder.remove(name)
        }
    }

    private func id(_ name: String, at now: Timestamp) -> String? {
        guard let text = try? folder.read(name) else { return nil }
        let words = String(decoding: text, as: UTF8.self).split(separator: " ")
        guard words.count == 2, let time = Int64(words[0]), Timestamp(milliseconds: time) + Self.kept > now else {
            return nil
        }
        return String(words[1])
    }
}
