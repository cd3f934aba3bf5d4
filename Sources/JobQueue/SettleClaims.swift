package import JobFlow
package import Redis

/// `settle.lua`: its arguments.
package enum SettleClaims {
    package static func arguments(_ settlements: [Settlement], _ configuration: QueueConfiguration) -> [RedisArgument] {
        settlements.flatMap { arguments($0, configuration) }
    }

    /// About the bytes that a settlement brings to a script call.
    static func size(_ settlement: Settlement) -> Int {
        let answer = End(settlement.verdict).result?.body.count ?? 0
        return answer + 512 * (1 + settlement.attempts.count)
    }

    private static func arguments(_ settlement: Settlement, _ configuration: QueueConfiguration) -> [RedisArgument] {
        let end = End(settlement.verdict)
        return [
            .string(settlement.id.description), .integer(settlement.epoch), .string(settlement.worker),
            .string(settlement.server.description), .string(settlement.occasion.rawValue), .string(end.word),
            .integer(end.delay),
            .integer(settlement.attempts.count), .bytes(settlement.attempts.encodedLedger), .integer(settlement.spent),
            .integer(settlement.rounds), .string(end.result.map { String($0.statusCode) } ?? ""),
            .bytes(end.result?.body ?? []), .string(end.result?.servedBy.rawValue ?? ""),
            .string(end.result?.endpoint ?? ""), .bytes(end.usage?.encoded ?? []),
            .bytes(end.error?.encoded ?? []), .integer(configuration.ttlMilliseconds(settlement.queue)),
            settlement.occasion == .restored ? .bytes(settlement.spec.encodedMeta) : "",
            .string(end.result?.ageSeconds.map { "\($0)" } ?? ""), .string(terms(settlement, configuration) ?? ""),
        ]
    }

    /// How the answer is stored for equal jobs; nil if it is not. One that comes late is not known to be fresh.
    private static func terms(_ settlement: Settlement, _ configuration: QueueConfiguration) -> String? {
        guard let reuse = settlement.spec.reuse, settlement.occasion == .claim,
            case .completed(let result, _) = settlement.verdict, result.isReusable, result.servedBy == .endpoint,
            result.body.count <= configuration.cachedAnswerBytes
        else { return nil }
        return "\(reuse.key) \((reuse.ttl + reuse.staleFor).wholeMilliseconds) \(configuration.cachedAnswers)"
    }

    /// A verdict in the words of the script.
    private struct End {
        var word: String
        var delay = 0
        var result: JobResult?
        var usage: TokenUsage?
        var error: JobError?

        init(_ verdict: Verdict) {
            switch verdict {
            case .completed(let result, let usage): self.init("completed", result: result, usage: usage)
            case .retry(let delay): self.init("retry", delay: delay)
            case .failed(let error, let answer): self.init("failed", result: answer, error: error)
            case .expired: self.init("expired", error: .deadlineExceeded)
            case .cancelled: self.init("cancelled")
            case .released(let delay): self.init("released", delay: delay)
            }
        }

        private init(
            _ word: String, delay: Duration = .zero, result: JobResult? = nil, usage: TokenUsage? = nil,
            error: JobError? = nil
        ) {
            self.word = word
            self.delay = Int(delay.wholeMilliseconds)
            self.result = result
            self.usage = usage
            self.error = error
        }
    }
}
