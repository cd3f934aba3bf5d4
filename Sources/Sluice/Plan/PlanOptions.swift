import ArgumentParser

/// The options of `sluice simulate --plan`.
struct PlanOptions: ParsableArguments {
    @Option(
        name: .customLong("plan"),
        help: ArgumentHelp("Says what the prompts of a file (- for standard input) would take.", valueName: "file"))
    var file: String?

    @Flag(name: .long, help: "With --plan: each line is a prompt; else lines are those of an OpenAI batch file.")
    var text = false

    @Option(name: .long, help: "With --plan --text: the model.")
    var model: String?

    @Option(name: .long, help: "With --plan: milliseconds of a call before its first token.")
    var latencyMs = 500.0

    @Option(name: .long, help: "With --plan: milliseconds for each token of the answer.")
    var msPerToken = 15.0

    @Option(name: .long, help: "With --plan: tokens of an answer; else half of max_tokens, or 256 if it names none.")
    var answerTokens: Int?

    @Option(name: .long, help: "With --plan: price of a million input tokens where they are paid by the token.")
    var priceInput: Double?

    @Option(name: .long, help: "With --plan: the same of output tokens.")
    var priceOutput: Double?

    @Flag(name: .long, help: "With --plan: one JSON object instead of a table.")
    var json = false

    func validate() throws {
        guard file != nil else {
            if text || json || model != nil || answerTokens != nil || priceInput != nil || priceOutput != nil {
                throw ValidationError("--text, --model, --answer-tokens, --price-… and --json go with --plan FILE")
            }
            return
        }
        if model != nil, !text {
            throw ValidationError("--model goes with --text; a batch line has its model in its body")
        }
        guard 0...600_000 ~= latencyMs, 0...10_000 ~= msPerToken else {
            throw ValidationError("--latency-ms: 0 to 600000, --ms-per-token: 0 to 10000 was expected")
        }
        guard 0...1_000_000 ~= answerTokens ?? 0 else {
            throw ValidationError("--answer-tokens: 0 to 1000000 was expected")
        }
        guard (priceInput == nil) == (priceOutput == nil), priceInput ?? 0 >= 0, priceOutput ?? 0 >= 0 else {
            throw ValidationError("--price-input and --price-output go together, and are not negative")
        }
    }
}
