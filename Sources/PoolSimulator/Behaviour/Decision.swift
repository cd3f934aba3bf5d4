/// What becomes of one call. Delays are microseconds.
package enum Decision: Sendable, Equatable {
    case reset
    case hang
    /// The request itself is wrong, or its prompt asked to be refused.
    case refuse(Refusal)
    case throttle(retryAfterMs: Int, reason: ThrottleReason = .tokens)
    case fail(status: Int, delay: Int64)
    case answer(delay: Int64, fault: AnswerFault?)

    /// Pure: the same call, behaviour, gate, draws and time give the same decision. Takes one status from `failNext`,
    /// and the estimate through the gate when the call gets that far.
    package static func make(
        _ call: CallFacts, behaviour: inout EndpointBehaviour, gate: inout AdmissionGate, draws: Draws, now: Int64
    ) -> Decision {
        if behaviour.blackout { return .reset }
        if let refusal = call.refusal { return .refuse(refusal) }
        gate.arrive(behaviour, now: now)
        if let limit = behaviour.maxPromptTokens, call.promptTokens > limit {
            return .refuse(.promptTooLong(limit: limit))
        }
        if let status = behaviour.takeScriptedStatus(), status != 200 { return .failing(status, behaviour, draws) }
        if let fault = fault(behaviour, draws) { return fault }
        switch gate.admit(call, behaviour, now: now) {
        case .full(let retryAfterMs, let reason): return .throttle(retryAfterMs: retryAfterMs, reason: reason)
        case .admitted: return admitted(call, behaviour, draws)
        }
    }

    /// What befalls a call whatever it is, by the dice.
    private static func fault(_ behaviour: EndpointBehaviour, _ draws: Draws) -> Decision? {
        if draws.reset < behaviour.resetRate { return .reset }
        if draws.hang < behaviour.hangRate { return .hang }
        if draws.throttle < behaviour.throttleRate { return .throttle(retryAfterMs: behaviour.retryAfterMs) }
        if draws.error < behaviour.errorRate { return .failing(behaviour.errorStatus, behaviour, draws) }
        if behaviour.tier == .flex, draws.flex < behaviour.flexBusy {
            return .throttle(retryAfterMs: behaviour.retryAfterMs, reason: .noCapacity)
        }
        return nil
    }

    private static func admitted(_ call: CallFacts, _ behaviour: EndpointBehaviour, _ draws: Draws) -> Decision {
        if let refusal = call.promptRefusal { return .refuse(refusal) }
        let delay = behaviour.delay(tokens: behaviour.answerTokens(asked: call.outputTokens), jitter: draws.jitter)
        if call.isStreamed, draws.errorInStream < behaviour.errorInStreamRate {
            return .answer(delay: delay, fault: .errorInStream)
        }
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
package enum AnswerFault: Sendable, Equatable { case garbage, truncated, errorInStream }
