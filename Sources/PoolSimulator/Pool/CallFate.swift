/// What an endpoint decided about a call, with all that its end will need.
package struct CallFate: Sendable, Equatable {
    package let decision: Decision
    /// The rule of the call's arrival: an end counts as the begin did.
    package let rule: TokenRule
    /// Tokens that the gate took on arrival; 0 when the call was not admitted.
    package let charged: Int
    /// What a whole answer is billed.
    package let usage: AnswerUsage
    package let answerBytes: Int
    /// After the call.
    package let room: RateRoom

    init(_ decision: Decision, _ call: CallFacts, _ behaviour: EndpointBehaviour, room: RateRoom) {
        let tokens = behaviour.answerTokens(asked: call.outputTokens)
        self.decision = decision
        rule = behaviour.tokenRule
        charged = decision.isAdmitted ? rule.charge(call) : 0
        usage = AnswerUsage(prompt: call.promptTokens, cached: call.cachedTokens, completion: tokens)
        answerBytes = behaviour.answerBytes ?? tokens * 4
        self.room = room
    }

    /// The tokens that the call is billed in the end. Without an answer an admitted call costs its prompt.
    package func billed(_ outcome: CallOutcome) -> AnswerUsage {
        guard decision.isAdmitted else { return AnswerUsage(prompt: 0, completion: 0) }
        switch outcome {
        case .answered, .spoiled(.garbage), .spoiled(.truncated): return usage
        case .spoiled(.errorInStream), .refused, .reset, .clientAbort, .dropped:
            return AnswerUsage(prompt: usage.prompt, cached: usage.cached, completion: 0)
        }
    }

    /// The same in the tokens of the gate.
    package func cost(_ outcome: CallOutcome) -> Int {
        decision.isAdmitted ? rule.cost(billed(outcome), charged: charged) : 0
    }
}
