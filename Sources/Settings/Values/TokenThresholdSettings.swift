/// A number of tokens that the calls of some time should not pass. Somebody is told when they do; no call is kept back.
package struct TokenThresholdSettings: Sendable, Equatable {
    package var name: String
    /// Of which endpoint, model and queue tokens are counted; nil: of all.
    package var endpoint: String?
    package var model: String?
    package var queue: String?
    package var tokens: Int
    /// Whole hours.
    package var per: Duration = .seconds(86_400)

    package init(name: String, tokens: Int) {
        self.name = name
        self.tokens = tokens
    }

    static let keys: [KeySpec<Self>] = [
        KeySpec("name", .name, \.name, isRequired: true),
        KeySpec("endpoint", .name, \.endpoint),
        KeySpec("model", .text, \.model),
        KeySpec("queue", .name, \.queue),
        KeySpec("tokens", .integer(1...1_000_000_000_000_000), \.tokens, isRequired: true),
        KeySpec("per", .duration(.seconds(3600) ... .seconds(48 * 3600)), \.per),
    ]
}
