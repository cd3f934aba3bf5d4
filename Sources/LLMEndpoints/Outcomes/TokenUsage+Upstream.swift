import JobFlow

extension TokenUsage {
    /// Reads `usage` in the spelling of chat completions or of responses.
    init?(upstream json: JSONObject) {
        guard let prompt = Self.count(json["prompt_tokens"] ?? json["input_tokens"]) else { return nil }
        let completion = Self.count(json["completion_tokens"] ?? json["output_tokens"]) ?? 0
        let details = json["prompt_tokens_details"]?.object ?? json["input_tokens_details"]?.object
        self.init(
            promptTokens: prompt, completionTokens: completion,
            cachedTokens: Self.count(details?["cached_tokens"]) ?? 0,
            totalTokens: Self.count(json["total_tokens"]))
    }

    /// Nonsense is no count: it would go into sums and budgets, and never come out again.
    private static func count(_ value: JSONValue?) -> Int? {
        value?.int.flatMap { 0...1_000_000_000 ~= $0 ? $0 : nil }
    }
}
