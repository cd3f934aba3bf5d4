import JobFlow

/// What a collector answered, as far as it matters.
package enum ExportReply: Sendable, Equatable {
    case answered(status: Int, retryAfter: Duration? = nil, body: [UInt8] = [])
    /// The constant word for what was the matter.
    case unreachable(String)
}

/// What becomes of a batch after a reply. Pure; the rules are OTLP/HTTP's (https://opentelemetry.io/docs/specs/otlp/).
enum ExportStep: Sendable, Equatable {
    /// The collector has it, but for so many spans that it refused.
    case done(refused: Int)
    case again(after: Duration)
    case giveUp(String)

    /// Of one batch. After them, the next one is tried: that collector may take it.
    static let tries = 5
    /// Whatever the collector asks for.
    static let longestWait = Duration.seconds(30)

    /// - Parameter tried: how often this batch was sent, 1 and more.
    init(after reply: ExportReply, tried: Int) {
        switch reply {
        case .answered(200..<300, _, let body): self = .done(refused: Self.refused(body))
        case .answered(let status, let wait, _) where [429, 502, 503, 504].contains(status):
            self = Self.retry(tried, wait, "status \(status)")
        case .answered(let status, _, _): self = .giveUp("status \(status)")
        case .unreachable(let reason): self = Self.retry(tried, nil, reason)
        }
    }

    private static func retry(_ tried: Int, _ wait: Duration?, _ reason: String) -> ExportStep {
        guard tried < tries else { return .giveUp(reason) }
        return .again(after: min(wait ?? .seconds(1 << min(tried - 1, 10)), longestWait))
    }

    private static func refused(_ body: [UInt8]) -> Int {
        let partial = (try? JSONObject(parsing: body))?["partialSuccess"]?.object?["rejectedSpans"]
        return max(0, partial?.int ?? partial?.string.flatMap { Int($0) } ?? 0)
    }
}
