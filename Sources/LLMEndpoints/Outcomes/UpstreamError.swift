import JobFlow

/// The error object of an OpenAI-shaped answer.
struct UpstreamError {
    /// Codes that are worth telling apart in the ledger and in metrics. Everything else is `invalid_request`: the word
    /// becomes a label, and labels are bounded.
    private static let known: Set<String> = [
        "content_filter", "context_length_exceeded", "invalid_prompt", "previous_response_not_found",
        "string_above_max_length",
    ]

    var reason: String
    var jobError: JobError

    init(status: Int, _ json: JSONObject?) {
        let error = json?["error"]?.object
        let code = Self.word(error?["code"])
        let inner = error?["innererror"]?.object?["code"]?.string
        let isFiltered = code == "content_filter" || inner == "ResponsibleAIPolicyViolation"
        reason =
            isFiltered ? "content_filter" : code.flatMap { Self.known.contains($0) ? $0 : nil } ?? "invalid_request"
        jobError = JobError(
            code: isFiltered ? "content_filter" : code ?? "upstream_\(status)",
            message: "the endpoint answered \(status); its answer is in result.body",
            type: Self.word(error?["type"]) ?? (status < 500 ? "invalid_request_error" : "server_error"))
        if json == nil { jobError.message = "the endpoint answered \(status) without a JSON body" }
    }

    /// A constant of the upstream's. Anything longer could be a text, and quote the prompt.
    private static func word(_ value: JSONValue?) -> String? {
        guard let text = value?.string, (1...64).contains(text.utf8.count) else { return nil }
        return text.utf8.allSatisfy { isWordByte($0) } ? text : nil
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
