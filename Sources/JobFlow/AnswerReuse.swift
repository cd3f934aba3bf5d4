/// How equal requests share an answer: one that was stored serves this job, its own is stored, and while an equal job is in
/// flight this one waits for that one's.
package struct AnswerReuse: Sendable, Equatable {
    /// The same for requests that ask the same, and for no others. Letters, digits, `-` and `_`.
    package var key: String
    /// A stored answer is fresh for so long.
    package var ttl: Duration
    /// For so long after that it may still serve while no endpoint can be called; zero: never.
    package var staleFor: Duration

    package init(key: String, ttl: Duration, staleFor: Duration = .zero) {
        self.key = key
        self.ttl = ttl
        self.staleFor = staleFor
    }

    /// `<key> <ttl (ms)>`, and the rest if there is any: scripts find it at the start of a job's meta.
    var encoded: String {
        let fresh = "\(key) \(ttl.wholeMilliseconds)"
        return staleFor > .zero ? "\(fresh) \(staleFor.wholeMilliseconds)" : fresh
    }

    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard (2...3).contains(parts.count), let ttl = Int64(parts[1]) else { return nil }
        let stale = parts.count > 2 ? Int64(parts[2]) ?? 0 : 0
        self.init(key: String(parts[0]), ttl: .milliseconds(ttl), staleFor: .milliseconds(stale))
    }
}

/// The answer of an equal request, handed over with a claim: nothing has to be called.
package struct StoredAnswer: Sendable, Equatable {
    package var statusCode: Int
    package var body: [UInt8]
    /// Who was called for it.
    package var endpoint: String
    /// What it cost then.
    package var usage: TokenUsage?
    package var age: Duration
    package var servedBy: JobResult.ServedBy

    package init(
        statusCode: Int, body: [UInt8], endpoint: String, usage: TokenUsage? = nil, age: Duration = .zero,
        servedBy: JobResult.ServedBy
    ) {
        self.statusCode = statusCode
        self.body = body
        self.endpoint = endpoint
        self.usage = usage
        self.age = age
        self.servedBy = servedBy
    }

    /// What the client of this job reads. Who waited for an answer did not get an old one.
    package var result: JobResult {
        JobResult(
            statusCode: statusCode, body: body, servedBy: servedBy, endpoint: endpoint,
            ageSeconds: servedBy == .coalesced ? nil : age.inSeconds)
    }
}
