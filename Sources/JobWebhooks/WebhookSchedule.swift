package import JobFlow

/// When an event that was not taken is told again. The default waits are those that Standard Webhooks recommends.
///
/// | after attempt | 1 | 2 | 3 | 4 | 5 | 6 |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | wait | 5 s | 5 min | 30 min | 2 h | 5 h | 10 h |
package struct WebhookSchedule: Sendable, Equatable {
    /// The last of them is repeated.
    package var delays: [Duration]
    package var maxAttempts: Int
    /// By which share a wait may be longer, so that what failed together does not come back together.
    package var jitter = 0.1
    /// A receiver may ask for a longer wait (`Retry-After`), up to this.
    package var longestWish: Duration = .seconds(86_400)

    package init(delays: [Duration], maxAttempts: Int) {
        self.delays = delays
        self.maxAttempts = maxAttempts
    }

    /// What becomes of an event after its delivery number `attempt`, from 1.
    ///
    /// - Parameter chance: 0…1, from the caller's source of randomness.
    package func verdict(_ outcome: WebhookOutcome, attempt: Int, chance: Double) -> WebhookVerdict {
        switch outcome {
        case .answered(200..<300, _): .delivered
        // Gone: the receiver says that it wants no more.
        case .answered(410, _): .dead
        case .answered(_, let wish): again(attempt, wish, chance)
        case .failed: again(attempt, nil, chance)
        // Its address is not one that may be called: asking again does not change worker.json.
        case .addressRefused: .dead
        case .cancelled: .released
        }
    }

    private func again(_ attempt: Int, _ wish: Duration?, _ chance: Double) -> WebhookVerdict {
        guard attempt < maxAttempts, let last = delays.last else { return .dead }
        let delay = attempt <= delays.count ? delays[max(attempt, 1) - 1] : last
        let wait = delay.inSeconds * (1 + jitter * chance)
        let asked = min(wish ?? .zero, longestWish).inSeconds
        return .retry(after: .milliseconds(Int64((max(wait, asked) * 1000).rounded())))
    }
}
