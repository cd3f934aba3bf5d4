import NIOCore

/// What Azure says about a prompt or an answer that no filter objected to.
enum CleanFilterResults {
    static let text = """
        {"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},\
        "sexual":{"filtered":false,"severity":"safe"},"violence":{"filtered":false,"severity":"safe"}}
        """
    static let prompt = """
        "prompt_filter_results":[{"prompt_index":0,"content_filter_results":{\
        "hate":{"filtered":false,"severity":"safe"},"jailbreak":{"detected":false,"filtered":false},\
        "self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"},\
        "violence":{"filtered":false,"severity":"safe"}}}]
        """
}

extension AnswerFacts {
    func writeChat(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"choices\":[{\"content_filter_results\":")
        buffer.writeString(CleanFilterResults.text)
        buffer.writeString(
            ",\"finish_reason\":\"stop\",\"index\":0,\"logprobs\":null,\"message\":{\"annotations\":[],\"content\":\"")
        writeText(to: &buffer)
        buffer.writeString("\",\"refusal\":null,\"role\":\"assistant\"}}],")
        writeHead("chatcmpl-", object: "chat.completion", to: &buffer)
        buffer.writeString(",")
        buffer.writeString(CleanFilterResults.prompt)
        buffer.writeString(",\"system_fingerprint\":\"fp_simulated\",")
        usage.writeChatForm(to: &buffer)
        buffer.writeString("}")
    }

    func writeCompletion(to buffer: inout ByteBuffer) {
        buffer.writeString("{\"choices\":[{\"finish_reason\":\"stop\",\"index\":0,\"logprobs\":null,\"text\":\"")
        writeText(to: &buffer)
        buffer.writeString("\"}],")
        writeHead("cmpl-", object: "text_completion", to: &buffer)
        buffer.writeString(",")
        buffer.writeString(CleanFilterResults.prompt)
        buffer.writeString(",")
        usage.writeChatForm(to: &buffer)
        buffer.writeString("}")
    }

    func writeHead(_ prefix: String, object: String, to buffer: inout ByteBuffer) {
        buffer.writeString(
            "\"created\":\(created),\"id\":\"\(prefix)\(id)\",\"model\":\"\(model)\",\"object\":\"\(object)\"")
        if isFlex { buffer.writeString(",\"service_tier\":\"flex\"") }
    }
}
