import JobFlow

/// What a job does between its waits. These stay functions of their own: inlined, all that they need for a moment would lie in
/// the frame of the async function, for as long as the call lasts, ten thousand times over.
extension RunOneJob {
    enum Next {
        case call(Prompt)
        case end(Verdict)
    }

    @inline(never)
    func started(_ claim: Claim) {
        let now = now()
        events.started(claim, at: now)
        tracer?.started(claim, at: now)
    }

    @inline(never)
    func next(_ run: JobRun, _ revocation: Revocation, _ output: LogWriter?) -> Next {
        guard revocation.allowsCalls(at: configuration.uptime()), !Task.isCancelled else {
            return .end(.released(after: .zero))
        }
        if let left = timeLeft(run), left <= .zero { return .end(.expired) }
        var prompt = prompt(run)
        prompt.output = output
        return .call(prompt)
    }

    @inline(never)
    func step(_ run: inout JobRun, after outcome: CompletionOutcome) -> DecideVerdict.Step {
        run.step(
            after: outcome, schedule: configuration.rules.current.schedule, chance: .random(in: -1...1),
            timeLeft: timeLeft(run), isDraining: isDraining() || Task.isCancelled)
    }

    /// Of a job that an answer of the past has ended.
    @inline(never)
    func served(_ stored: StoredAnswer, to claim: Claim, _ revocation: Revocation) -> Settlement {
        _ = revocation.endCalls()
        return Settlement(serving: stored, to: claim, worker: configuration.worker, at: now())
    }

    @inline(never)
    func settlement(_ run: inout JobRun, _ verdict: Verdict, _ revocation: Revocation) -> Settlement {
        if let cause = revocation.endCalls() { run.revoked(cause) }
        return run.settlement(verdict)
    }

    @inline(never)
    func finished(
        _ settlement: Settlement, of claim: Claim, _ outcome: SettleOutcome?, _ revocation: Revocation
    ) {
        if let outcome { audit.settled(settlement, outcome) }
        let wasCancelled = revocation.cause == .cancelled
        let now = now()
        events.finished(settlement, of: claim.spec, outcome, wasCancelled: wasCancelled, at: now)
        tracer?.finished(settlement, of: claim, outcome, wasCancelled: wasCancelled, at: now)
    }

    private func prompt(_ run: JobRun) -> Prompt {
        var prompt = run.prompt
        if let tracer { prompt.trace = tracer.trace(run.claim.spec).context(attempt: prompt.attempt) }
        let queue = configuration.rules.current.queues.first { $0.queue == prompt.queue }
        prompt.region = queue?.region
        prompt.spill = queue?.spill ?? .atDeadline
        if prompt.spill == .atDeadline, let left = timeLeft(run), left <= horizon[run.claim.spec.id.partition] {
            prompt.spill = .immediate
        }
        return prompt
    }

    private func timeLeft(_ run: JobRun) -> Duration? {
        run.claim.spec.deadline.map { $0 - now() }
    }
}
