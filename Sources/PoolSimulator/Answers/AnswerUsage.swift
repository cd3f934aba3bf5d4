import NIOCore

/// The tokens that a call is billed for.
package struct AnswerUsage: Sendable, Equatable {
    package let prompt: Int
    /// Part of the prompt that came from the cache: of a prompt of 1024 tokens or more the first half, in steps of 128.
    package let cached: Int
    package let completion: Int

    package init(prompt: Int, cached: Int? = nil, completion: Int) {
        self.prompt = prompt
        self.completion = completion
        self.cached = cached ?? Self.cached(ofPrompt: prompt)
    }

    static func cached(ofPrompt prompt: Int) -> Int { prompt < 1024 ? 0 : prompt / 2 / 128 * 128 }

    /// What is counted of it, unweighted: cached tokens are free.
    package var charged: Int { prompt - cached + completion }
    private var total: Int { prompt + completion }

    func writeChatForm(to buffer: inout ByteBuffer) {
        buffer.writeString(
            """
            "usage":{"completion_tokens":\(completion),"completion_tokens_details":{"accepted_prediction_tokens":0,\
            "audio_tokens":0,"reasoning_tokens":0,"rejected_prediction_tokens":0},"prompt_tokens":\(prompt),\
            "prompt_tokens_details":{"audio_tokens":0,"cached_tokens":\(cached)},"total_tokens":\(total)}
            """)
    }

    func writeResponsesForm(to buffer: inout ByteBuffer) {
        buffer.writeString(
            """
            "usage":{"input_tokens":\(prompt),"input_tokens_details":{"cached_tokens":\(cached)},\
            "output_tokens":\(completion),"output_tokens_details":{"reasoning_tokens":0},"total_tokens":\(total)}
            """)
    }

    func writeEmbeddingsForm(to buffer: inout ByteBuffer) {
        buffer.writeString("\"usage\":{\"prompt_tokens\":\(prompt),\"total_tokens\":\(prompt)}")
    }
}
