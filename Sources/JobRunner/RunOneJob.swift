import JobFlow
import Logging

/// One claimed job from claim to settlement: call, judge, perhaps call elsewhere, record, settle. Every claim leaves
/// through the one `settle` at the end, whatever happened.
final class RunOneJob: Sendable {
    let configuration: RunnerConfiguration
    let completer: any PromptCompleter
    let audit: any AuditSink
    /// Where streamed answers are logged.
    let log: (any JobEvents)?
    let horizon: SpillHorizon
    let settle: SettleReliably
    let events: RunnerEvents
    let tracer: JobTracer?
    let now: WallClock
    let isDraining: @Sendable () -> Bool

    init(
        configuration: RunnerConfiguration, completer: any PromptCompleter, audit: any AuditSink,
        log: (any JobEvents)? = nil, horizon: SpillHorizon = SpillHorizon(partitions: 1), settle: SettleReliably,
        events: RunnerEvents, tracer: JobTracer? = nil,
        now: @escaping WallClock,
        isDraining: @escaping @Sendable () -> Bool
    ) {
        self.configuration = configuration
        self.completer = completer
        self.audit = audit
        self.log = log
        self.horizon = horizon
        self.settle = settle
        self.events = events
        self.tracer = tracer
        self.now = now
        self.isDraining = isDraining
    }

    /// - Parameters:
    ///   - revocation: ends the call when the claim is lost; what is settled then is refused by the queue.
    ///   - called: told when the job calls no more.
    /// - Returns: whether the job is to run again.
    @discardableResult
    func run(_ claim: Claim, _ revocation: Revocation = Revocation(), called: () -> Void = {}) async -> Bool {
        started(claim)
        let settlement = await end(claim, revocation, called)
        let isKept = await record(settlement)
        let outcome = await settle.settle(settlement, isKept: isKept)
        finished(settlement, of: claim, outcome, revocation)
        return settlement.verdict.terminalState == nil
    }

    private func end(_ claim: Claim, _ revocation: Revocation, _ called: () -> Void) async -> Settlement {
        if let stored = claim.stored {
            called()
            return served(stored, to: claim, revocation)
        }
        var run = JobRun(claim, worker: configuration.worker)
        let verdict = await attempts(&run, revocation)
        called()
        return settlement(&run, verdict, revocation)
    }

    private func attempts(_ run: inout JobRun, _ revocation: Revocation) async -> Verdict {
        guard let log, run.claim.spec.isStreamed else { return await attempt(&run, revocation) }
        let writer = LogWriter(run.claim, log: log, events: events)
        async let written: Void = writer.run()
        let verdict = await attempt(&run, revocation, output: writer)
        var whole: Int?
        if case .completed = verdict { whole = run.attempts.last?.number }
        writer.end(whole: whole)
        // Whoever learns that the job has ended finds all of its log.
        await written
        return verdict
    }

    private func attempt(_ run: inout JobRun, _ revocation: Revocation, output: LogWriter? = nil) async -> Verdict {
        while true {
            let prompt: Prompt
            switch next(run, revocation, output) {
            case .end(let verdict): return verdict
            case .call(let next): prompt = next
            }
            let outcome = await completer.complete(
                prompt, avoiding: run.tried, cancellation: revocation.cancellation)
            if case .end(let verdict) = step(&run, after: outcome) { return verdict }
        }
    }

    /// On disk before it is settled: what Redis cannot be told now is told later, also by another process. A disk that
    /// fails does not hold back an answer that was paid for.
    private func record(_ settlement: Settlement) async -> Bool {
        do {
            try await audit.record(settlement)
            events.audited(settlement.attempts.count)
            return true
        } catch {
            events.auditFailed(settlement.spec, error)
            return false
        }
    }
}
