import JobFlow

/// What never changes of a job, as one string: `<queue> <length of meta> <meta><body>`.
struct Payload {
    let meta: ArraySlice<UInt8>
    /// All of it only if the text is whole.
    let body: ArraySlice<UInt8>

    /// Nil where the meta is not whole.
    init?(_ text: ArraySlice<UInt8>) {
        let parts = text.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let length = Int(String(decoding: parts[1], as: UTF8.self)),
            0...parts[2].count ~= length
        else { return nil }
        meta = parts[2].prefix(length)
        body = parts[2].dropFirst(length)
    }

    /// It is joined here, because for Redis, where all wait for one core, that would be a fifth of a submission.
    static func text(_ job: JobSpec) -> [UInt8] {
        let meta = job.encodedMeta
        return Array("\(job.queue) \(meta.count) ".utf8) + meta + job.body
    }
}
