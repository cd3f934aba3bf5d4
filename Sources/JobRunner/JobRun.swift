package import JobFlow

/// Everything known about one claim while it runs. It goes through the steps of `RunOneJob` and ends as a settlement.
package struct JobRun: Sendable {
    package let claim: Claim
    let worker: String
    package private(set) var attempts: [Attempt] = []
    private(set) var spent: Int
    package private(set) var tried: Set<String> = []
    private(set) var tooLongFor: Set<String> = []
    private(set) var lastFailure: CallFailure?
    /// The shortest wait that a full endpoint asked for in this claim: none that was tried opens before.
    private(set) var shortestThrottle: Duration?

    package init(_ claim: Claim, worker: String) {
        self.claim = claim
        self.worker = worker
        spent = claim.spent
    }

    package var prompt: Prompt {
        var prompt = Prompt(claim.job, attempt: claim.attempts + attempts.count + 1)
        prompt.isRetry = spent > 0
        prompt.tooLongFor = tooLongFor
        return prompt
    }

    /// 1 for the first wait of the job.
    package var round: Int { claim.rounds + 1 }

    /// Adds the row of a finished call. How it went on is filled in by the next row or by `settlement`.
    mutating func record(_ report: CallReport) {
        closeLast(.retry, delay: .zero)
        var failure: CallFailure?
        if case .failed(let failed) = report.outcome { failure = failed }
        attempts.append(
            Attempt(
                number: claim.attempts + attempts.count + 1, endpoint: report.endpoint, region: report.region,
                tier: report.tier, worker: worker, startedAt: report.startedAt, endedAt: report.endedAt,
                outcome: failure == nil ? .completed : .failed, statusCode: report.statusCode, reason: failure?.reason,
                billed: report.billed, usage: report.usage, upstreamRequestID: report.upstreamRequestID))
        tried.insert(report.endpoint)
        lastFailure = failure
        if failure?.remedy == .larger { tooLongFor.insert(report.endpoint) }
        if let failure, failure.isCounted, !failure.isEndpointsFault { spent += 1 }
        if let failure, !failure.isCounted, let wait = failure.retryAfter {
            shortestThrottle = min(wait, shortestThrottle ?? wait)
        }
    }

    /// No endpoint is left to try: now a call that reached none is charged after all, or a dead pool would be called for
    /// ever.
    mutating func roundEnded() {
        if let lastFailure, lastFailure.isCounted, lastFailure.isEndpointsFault { spent += 1 }
    }

    /// The call was closed because the job is no longer ours to run.
    mutating func revoked(_ cause: Revocation.Cause) {
        guard let last = attempts.indices.last, lastFailure?.isCancelled == true else { return }
        attempts[last].outcome = .cancelled
        attempts[last].reason = cause.rawValue
    }

    /// Closes the rows, and gives what the queue has to write.
    package mutating func settlement(_ verdict: Verdict) -> Settlement {
        var rounds = claim.rounds
        switch verdict {
        case .retry(let delay):
            rounds += 1
            closeLast(.retry, delay: delay)
        case .released: closeLast(.released, delay: nil)
        case .completed, .failed, .expired, .cancelled: break
        }
        return Settlement(claim: claim, verdict: verdict, attempts: attempts, spent: spent, rounds: rounds)
    }

    private mutating func closeLast(_ outcome: Attempt.Outcome, delay: Duration?) {
        guard let last = attempts.indices.last, attempts[last].outcome == .failed else { return }
        attempts[last].outcome = outcome
        attempts[last].delayMilliseconds = delay?.wholeMilliseconds
    }
}
