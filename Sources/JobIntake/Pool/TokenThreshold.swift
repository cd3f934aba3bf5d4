import JobFlow

/// A number of tokens that the calls of some hours should not pass. Pure.
package struct TokenThreshold: Sendable, Equatable {
    enum Edge: Sendable {
        case passed
        case fellBelow
    }

    package var name: String
    /// Of which endpoint, model and queue tokens are counted; nil: of all.
    package var endpoint: String?
    package var model: String?
    package var queue: String?
    package var tokens: Int
    /// The running clock hour and those before it, so many in all.
    package var hours: Int

    package init(
        name: String, endpoint: String? = nil, model: String? = nil, queue: String? = nil, tokens: Int, hours: Int = 24
    ) {
        self.name = name
        self.endpoint = endpoint
        self.model = model
        self.queue = queue
        self.tokens = tokens
        self.hours = hours
    }

    /// Tokens of prompts and answers that it counts.
    func used(of uses: [TokenUse]) -> Int {
        var sum = TokenUse(endpoint: "", model: "", queue: "")
        for use in uses where counts(use) { sum.add(use) }
        return sum.total
    }

    func ratio(_ used: Int) -> Double { Double(used) / Double(max(1, tokens)) }

    /// What is to be said, once; nil while nothing has changed.
    func edge(_ used: Int, wasPassed: Bool) -> Edge? {
        let isPassed = used >= tokens
        return isPassed == wasPassed ? nil : isPassed ? .passed : .fellBelow
    }

    private func counts(_ use: TokenUse) -> Bool {
        matches(endpoint, use.endpoint) && matches(model, use.model) && matches(queue, use.queue)
    }

    /// The board keeps long names short.
    private func matches(_ wanted: String?, _ name: String) -> Bool {
        wanted.map { TokenUse.keptName($0) == name } ?? true
    }
}
