/// What an upstream answers: a chat completion with so many bytes of text.
enum Answer {
    static func text(bytes: Int) -> String {
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1795348800,"model":"gpt-4o","choices":[{"index":0,\
        "message":{"role":"assistant","content":"\(Prompt.text(1, bytes: bytes))"},"finish_reason":"stop"}],\
        "usage":{"prompt_tokens":11,"completion_tokens":9,"total_tokens":20}}
        """
    }
}
