/// The little of a request body that the simulator reacts to.
package struct ModelRequest: Sendable, Equatable {
    package enum Marker: Sendable, Equatable { case contentFilter, contextLength }

    package var model: String?
    /// `max_tokens`, `max_completion_tokens` or `max_output_tokens`.
    package var maxTokens: Int?
    /// Characters of all prompt texts: `content`, `text`, `input`, `prompt`, `instructions`. An escape counts as it is
    /// written.
    package var promptCharacters = 0
    /// Equal prompts have equal hashes, in every process.
    package var promptHash: UInt64 = 0xcbf2_9ce4_8422_2325
    /// The first words of the last prompt text, as JSON text: valid UTF-8, nothing to escape. May be empty.
    package var topic = ""
    package var marker: Marker?
    package var stream = false
    package var includeUsage = false
    /// How many vectors an embeddings call asks for.
    package var inputs = 1
    package var dimensions: Int?
    package var base64Vectors = false

    package init() {}

    package var promptTokens: Int { max(1, promptCharacters / 4) }
}
