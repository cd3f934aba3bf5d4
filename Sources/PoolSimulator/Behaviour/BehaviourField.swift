/// One field of a behaviour as JSON knows it: its name, what it may be, and how it is read and written.
struct BehaviourField: Sendable {
    let name: String
    /// Ends the sentence "… is allowed".
    let allowed: String
    let read: @Sendable (EndpointBehaviour) -> AdminValue
    /// False when the value is not allowed.
    let write: @Sendable (inout EndpointBehaviour, AdminValue) -> Bool

    static let all: [BehaviourField] = [
        .number("latency_ms", \.latencyMs, 0...600_000),
        .number("ms_per_token", \.msPerToken, 0...10_000),
        .number("jitter", \.jitter, 0...1),
        .number("error_rate", \.errorRate, 0...1),
        .integer("error_status", \.errorStatus, 400...599),
        .number("throttle_rate", \.throttleRate, 0...1),
        .integer("retry_after_ms", \.retryAfterMs, 0...86_400_000),
        .optional("tokens_per_minute", \.tokensPerMinute, 1...1_000_000_000),
        .number("hang_rate", \.hangRate, 0...1),
        .number("reset_rate", \.resetRate, 0...1),
        .number("garbage_rate", \.garbageRate, 0...1),
        .number("truncate_rate", \.truncateRate, 0...1),
        .flag("blackout", \.blackout),
        .statuses("fail_next", \.failNext),
        .optional("answer_bytes", \.answerBytes, 0...16_777_216),
        .choice("tier", \.tier),
        .number("output_weight", \.outputWeight, 0...100),
        .number("burst_seconds", \.burstSeconds, 0.001...3600),
        .optional("requests_per_minute", \.requestsPerMinute, 1...1_000_000_000),
        .number("flex_busy", \.flexBusy, 0...1),
        .endpoint("spillover", \.spillover),
        .optional("max_prompt_tokens", \.maxPromptTokens, 1...1_000_000_000),
        .number("error_in_stream_rate", \.errorInStreamRate, 0...1),
        .number("slow_factor", \.slowFactor, 0...10_000),
    ]

    static func named(_ name: String) -> BehaviourField? { all.first { $0.name == name } }

    func copy(from original: EndpointBehaviour, to behaviour: inout EndpointBehaviour) {
        // What was read from a behaviour is always allowed in one, but for what code set out of range.
        _ = write(&behaviour, read(original))
    }
}
