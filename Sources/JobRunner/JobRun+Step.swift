package import JobFlow

extension JobRun {
    /// What happens after the pool was asked; adds its rows to the ledger.
    ///
    /// - Parameter chance: where in the range of a backoff the wait falls, -1 to 1. Most answers need none, and ask for none.
    package mutating func step(
        after outcome: CompletionOutcome, schedule: RetrySchedule, chance: @autoclosure () -> Double,
        timeLeft: Duration?, isDraining: Bool
    ) -> DecideVerdict.Step {
        func decide(canFailOver: Bool, poolOpensIn: Duration?) -> DecideVerdict.Step {
            DecideVerdict.decide(
                DecideVerdict.Situation(
                    failure: lastFailure, spent: spent, maxAttempts: claim.spec.maxAttempts, canFailOver: canFailOver,
                    poolOpensIn: poolOpensIn, backoff: schedule.delay(round: round, chance: chance()),
                    timeLeft: timeLeft, isDraining: isDraining))
        }
        switch outcome {
        case .tooLate: return .end(.expired)
        case .unserved: return .end(.failed(.unserved(claim.spec.model), answer: nil))
        case .unavailable(let wait):
            roundEnded()
            return decide(canFailOver: false, poolOpensIn: wait)
        case .exhausted:
            roundEnded()
            return decide(canFailOver: false, poolOpensIn: shortestThrottle)
        case .called(let report):
            record(report)
            if case .answered(let result) = report.outcome { return .end(.completed(result, report.usage)) }
            // Whether another endpoint can take it is known when it is asked for.
            return decide(canFailOver: true, poolOpensIn: nil)
        }
    }
}

extension JobError {
    static func unserved(_ model: String?) -> JobError {
        JobError(
            code: "model_not_found", message: "no endpoint of the pool serves the model \(model ?? "")",
            type: "invalid_request_error")
    }
}
