package import JobFlow

/// What happens after a failed call. A pure function of what is known; the table is docs/outcomes.md and
/// `DecideVerdictTests`.
package enum DecideVerdict {
    /// What is known when a call has failed, or none could be made.
    struct Situation: Sendable {
        /// The last failure of this claim; nil if no call could be made.
        var failure: CallFailure?
        /// Attempts charged to `maxAttempts` so far, this failure included.
        var spent: Int
        var maxAttempts: Int
        /// Another endpoint that was not tried in this round can take the job now.
        var canFailOver: Bool
        /// How long until another endpoint of the pool opens, where all are closed.
        var poolOpensIn: Duration?
        /// The wait of the retry schedule for this round.
        var backoff: Duration
        var timeLeft: Duration?
        var isDraining: Bool
    }

    package enum Step: Sendable, Equatable {
        /// Call another endpoint at once.
        case failOver
        case end(Verdict)
    }

    static func decide(_ situation: Situation) -> Step {
        if let left = situation.timeLeft, left <= .zero { return .end(.expired) }
        guard let failure = situation.failure else { return .end(giveBack(situation)) }
        if failure.remedy == .giveUp { return .end(.failed(failure.error, answer: failure.answer)) }
        if failure.isCounted, situation.spent >= situation.maxAttempts {
            return .end(.failed(failure.error, answer: failure.answer))
        }
        if failure.isCancelled { return .end(.released(after: .zero)) }
        if situation.canFailOver, !situation.isDraining { return .failOver }
        if failure.remedy == .larger, situation.poolOpensIn == nil, !situation.isDraining {
            return .end(.failed(failure.error, answer: failure.answer))
        }
        return .end(waitOrExpire(delay(situation, failure), situation.timeLeft))
    }

    /// No call was made: the job goes back as it came.
    private static func giveBack(_ situation: Situation) -> Verdict {
        guard !situation.isDraining else { return .released(after: .zero) }
        let wait = situation.poolOpensIn ?? situation.backoff
        return waitOrExpire(wait, situation.timeLeft) == .expired ? .expired : .released(after: wait)
    }

    /// A throttled job waits as long as it was told to, or until another endpoint opens before that; any other backs off. One
    /// that is too long for the first endpoint it asks would otherwise ask it again each time it looks for a larger one.
    private static func delay(_ situation: Situation, _ failure: CallFailure) -> Duration {
        if failure.remedy == .larger { return max(situation.backoff, situation.poolOpensIn ?? .zero) }
        guard !failure.isCounted else { return max(situation.backoff, failure.retryAfter ?? .zero) }
        return [situation.poolOpensIn, failure.retryAfter].compactMap(\.self).min() ?? situation.backoff
    }

    private static func waitOrExpire(_ delay: Duration, _ timeLeft: Duration?) -> Verdict {
        if let timeLeft, delay >= timeLeft { return .expired }
        return .retry(after: delay)
    }
}
