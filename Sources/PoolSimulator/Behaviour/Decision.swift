/// What becomes of one call. Delays are microseconds.
package enum Decision: Sendable, Equatable {
    case reset
    case hang
    /// The request itself is wrong, or its prompt asked to be refused.
    case refuse(Refusal)
    case throttle(retryAfterMs: Int)
    case fail(status: Int, delay: Int64)
    case answer(delay: Int64, fault: AnswerFault?)

    /// Pure: the same call, behaviour, bucket, draws and time give the same decision. Takes one status from `failNext`,
    /// and the estimate into the bucket when the call gets that far.
    package static func make(
        _ call: CallFacts, behaviour: inout EndpointBehaviour, bucket: inout AdmissionBucket, draws: Draws, now: Int64
    ) -> Decision {
        if behaviour.blackout { return .reset }
        if let refusal = call.refusal { return .refuse(refusal) }
        if let status = behaviour.takeScriptedStatus(), status != 200 { return .failing(status, behaviour, draws) }
        if draws.reset < behaviour.resetRate { return .reset }
        if draws.hang < behaviour.hangRate { return .hang }
        if draws.throttle < behaviour.throttleRate { return .throttle(retryAfterMs: behaviour.retryAfterMs) }
        if draws.error < behaviour.errorRate { return .failing(behaviour.errorStatus, behaviour, draws) }
        switch bucket.admit(call.estimatedTokens, tokensPerMinute: behaviour.tokensPerMinute, now: now) {
        case .full(let retryAfterMs): return .throttle(retryAfterMs: retryAfterMs)
        case .admitted: return admitted(call, behaviour, draws)
        }
    }

    /// Whether the bucket has taken the call's estimate.
    package var isAdmitted: Bool {
        switch self {
        case .answer, .refuse(.contentFilter), .refuse(.contextLength): true
        case .fail, .reset, .hang, .refuse, .throttle: false
        }
    }

    private static func admitted(_ call: CallFacts, _ behaviour: EndpointBehaviour, _ draws: Draws) -> Decision {
        if let refusal = call.promptRefusal { return .refuse(refusal) }
        let delay = behaviour.delay(tokens: behaviour.answerTokens(asked: call.outputTokens), jitter: draws.jitter)
        if draws.garbage < behaviour.garbageRate { return .answer(delay: delay, fault: .garbage) }
        if draws.truncate < behaviour.truncateRate { return .answer(delay: delay, fault: .truncated) }
        return .answer(delay: delay, fault: nil)
    }

    private static func failing(_ status: Int, _ behaviour: EndpointBehaviour, _ draws: Draws) -> Decision {
        if status == 429 { return .throttle(retryAfterMs: behaviour.retryAfterMs) }
        return .fail(status: status, delay: behaviour.delay(tokens: 0, jitter: draws.jitter))
    }
}

/// How a 200 can be worthless.
package enum AnswerFault: Sendable, Equatable { case garbage, truncated }
