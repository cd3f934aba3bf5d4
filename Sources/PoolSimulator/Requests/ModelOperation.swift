/// What is asked of a model.
package enum ModelOperation: Sendable, Equatable {
    case chat, completions, responses, embeddings

    /// The name Azure uses in its messages.
    var azureName: String {
        switch self {
        case .chat: "ChatCompletions_Create"
        case .completions: "Completions_Create"
        case .responses: "Responses_Create"
        case .embeddings: "Embeddings_Create"
        }
    }
}
