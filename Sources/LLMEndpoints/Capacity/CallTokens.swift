import JobFlow

/// What can be said of a call's tokens before it is made.
struct CallTokens: Sendable, Equatable {
    /// Bytes of everything that the model reads.
    var promptBytes = 0
    /// The most output that the request allows; nil if it does not say.
    var outputLimit: Int?

    /// Looks at the top level of the request only. What is not JSON counts as all prompt.
    init(body: [UInt8]) {
        guard let request = try? JSONObject(parsing: body) else {
            promptBytes = body.count
            return
        }
        var choices = 1
        for (key, value) in request.members {
            switch key {
            case "messages", "input", "prompt", "instructions", "tools", "functions", "response_format", "suffix":
                promptBytes += value.raw.count
            case "max_tokens", "max_completion_tokens", "max_output_tokens": outputLimit = Self.count(value)
            case "n", "best_of": choices = max(choices, Self.count(value) ?? 1)
            default: break
            }
        }
        outputLimit = outputLimit.map { min($0 * choices, Self.most) }
    }

    private static let most = 10_000_000

    private static func count(_ value: JSONValue) -> Int? { value.int.map { min(max(0, $0), most) } }
}

/// How many tokens calls of one endpoint turn out to have: learned from the answers, so that the next estimate is better. A
/// value.
struct TokenExperience: Sendable, Equatable {
    /// Weight of the newest answer.
    private static let share = 0.02

    private(set) var bytesPerToken = 4.0
    /// Of calls whose request does not limit it.
    private(set) var output = 256.0

    func prompt(_ call: CallTokens) -> Int { Int((Double(call.promptBytes) / bytesPerToken).rounded(.up)) }

    func output(_ call: CallTokens) -> Int { call.outputLimit ?? Int(output) }

    mutating func learn(_ call: CallTokens, _ usage: TokenUsage) {
        if usage.promptTokens > 0, call.promptBytes > 0 {
            // A tokenizer makes one to some eight bytes a token; whatever lies beyond is no text.
            let seen = min(max(Double(call.promptBytes) / Double(usage.promptTokens), 1), 8)
            bytesPerToken += (seen - bytesPerToken) * Self.share
        }
        if call.outputLimit == nil { output += (Double(usage.completionTokens) - output) * Self.share }
    }
}
