package import JobFlow

/// What decides which endpoint a call may go to.
package struct CallNeeds: Sendable {
    var model: String?
    /// Names of endpoints that were called in this round already.
    var tried: Set<String> = []
    /// Names of endpoints that said the prompt was too long.
    var tooLongFor: Set<String> = []
    var deadline: Timestamp?
    var spill = SpillChoice.atDeadline
    var region: String?
    var isRetry = false
    var tokens: CallTokens?
}

extension CallNeeds {
    package init(_ prompt: Prompt, avoiding tried: Set<String>, tokens: CallTokens?) {
        self.init(
            model: prompt.model, tried: tried, tooLongFor: prompt.tooLongFor, deadline: prompt.deadline,
            spill: prompt.spill, region: prompt.region, isRetry: prompt.isRetry, tokens: tokens)
    }
}

/// A call that may start, and counts as begun.
package struct StartedCall: Sendable, Equatable {
    /// Index of the endpoint.
    package var endpoint: Int
    package var isProbe = false
    /// What it was taken for in the endpoint's bucket, in weighted tokens.
    var estimate = 0.0
    /// Tokens that are expected of it, prompt and output each counted once; 0 where nothing was estimated.
    var expected = 0
    package var start = Timestamp.distantPast
    var model: String?
    var isRetry = false
    var tokens: CallTokens?
}
