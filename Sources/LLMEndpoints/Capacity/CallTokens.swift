import JobFlow

/// What can be said of a call's tokens before it is made.
package struct CallTokens: Sendable, Equatable {
    /// Bytes of everything that the model reads.
    package var promptBytes = 0
    /// The most output that the request allows; nil if it does not say.
    package var outputLimit: Int?

    package init(promptBytes: Int, outputLimit: Int?) {
        self.promptBytes = promptBytes
        self.outputLimit = outputLimit
    }

    /// Looks at the top level of the request only. What is not JSON counts as all prompt.
    package init(body: [UInt8]) {
        guard let request = try? JSONObject(parsing: body) else {
            promptBytes = body.count
            return
        }
        var choices = 1
        for (key, value) in request.members {
            switch key {
            case "messages", "input", "prompt", "instructions", "tools", "functions", "response_format", "suffix":
                promptBytes += Self.bytes(value.raw)
            case "max_tokens", "max_completion_tokens", "max_output_tokens": outputLimit = Self.count(value)
            case "n", "best_of": choices = max(choices, Self.count(value) ?? 1)
            default: break
            }
        }
        outputLimit = outputLimit.map { min($0 * choices, Self.most) }
    }

    /// A picture in a message is no text: it counts for as much as OpenAI counts at most, 85 tokens and 170 for each of six
    /// tiles, and not for its hundreds of kilobytes.
    private static func bytes(_ text: ArraySlice<UInt8>) -> Int {
        var (count, rest) = (text.count, text)
        while let mark = rest.firstIndex(of: UInt8(ascii: ";")) {
            rest = rest[mark...]
            guard rest.starts(with: dataMark) else {
                rest = rest.dropFirst()
                continue
            }
            let end = rest.dropFirst(dataMark.count).firstIndex { !isBase64($0) } ?? rest.endIndex
            count -= max(0, end - mark - pictureBytes)
            rest = rest[end...]
        }
        return count
    }

    private static let dataMark = Array(";base64,".utf8)
    private static let pictureBytes = 1_105 * 4

    /// Some write `/` as `\/` in JSON.
    private static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "/")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "="), UInt8(ascii: "\\"):
            true
        default: false
        }
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

    /// Both together.
    func all(_ call: CallTokens) -> Int { prompt(call) + output(call) }

    mutating func learn(_ call: CallTokens, _ usage: TokenUsage) {
        if usage.promptTokens > 0, call.promptBytes > 0 {
            // A tokenizer makes one to some eight bytes a token; whatever lies beyond is no text.
            let seen = min(max(Double(call.promptBytes) / Double(usage.promptTokens), 1), 8)
            bytesPerToken += (seen - bytesPerToken) * Self.share
        }
        if call.outputLimit == nil { output += (Double(usage.completionTokens) - output) * Self.share }
    }
}
