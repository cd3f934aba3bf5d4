package import JobFlow

/// Makes the spans of a worker's jobs out of what it writes down of them anyway: nothing is open while a job runs, and nothing is
/// lost with it but what was lost with its worker.
///
/// That is why it is not written against swift-distributed-tracing, which Hummingbird brings: there a span is begun and ended by one
/// process, and whoever exports it chooses its name; here one worker ends what another began, and names follow from the job's.
package struct JobTracer: Sendable {
    /// Of the jobs whose client did not say, 0 to 1.
    private let ratio: Double
    private let sink: any SpanSink
    /// By the endpoints' names.
    private let places: Live<[String: EndpointPlace]>

    package init(ratio: Double, sink: any SpanSink, places: Live<[String: EndpointPlace]>) {
        self.ratio = ratio
        self.sink = sink
        self.places = places
    }

    func trace(_ spec: JobSpec) -> JobTrace { JobTrace(spec, ratio: ratio) }

    /// Called once for each claim, when it begins to run.
    func started(_ claim: Claim, at now: Timestamp) {
        let trace = trace(claim.spec)
        guard trace.isSampled, claim.epoch == 1 else { return }
        sink.take([TraceSpan(waitOf: claim.spec, trace, until: now)])
    }

    /// Called once for each claim, after it was settled or could not be. Of a claim that was lost, whoever took the job over tells.
    func finished(
        _ settlement: Settlement, of claim: Claim, _ outcome: SettleOutcome?, wasCancelled: Bool, at now: Timestamp
    ) {
        let trace = trace(claim.spec)
        guard trace.isSampled, outcome != .lost || wasCancelled else { return }
        let places = places.current
        var spans = settlement.attempts.filter(\.isCall).map { attempt in
            TraceSpan(
                attempt, of: claim.spec, trace, at: places[attempt.endpoint],
                model: attempt.outcome == .completed ? settlement.verdict.model : nil)
        }
        let end = outcome?.isWritten == true ? settlement.verdict.terminalState : nil
        if let end = wasCancelled ? .cancelled : end {
            spans.append(
                TraceSpan(
                    endOf: claim.spec, trace, end, settlement.verdict,
                    attempts: claim.attempts + settlement.attempts.count, at: now))
        }
        if !spans.isEmpty { sink.take(spans) }
    }

    /// What a claim round found of workers that died, and of jobs that none held.
    func found(_ reclaimed: [ReclaimedJob], _ ended: [EndedJob], at now: Timestamp) {
        var spans: [TraceSpan] = []
        for job in reclaimed {
            let trace = trace(job.spec)
            if trace.isSampled { spans.append(TraceSpan(job.attempt, of: job.spec, trace, at: nil)) }
        }
        for job in ended {
            let trace = trace(job.spec)
            guard trace.isSampled, let state = job.state else { continue }
            spans.append(TraceSpan(endOf: job.spec, trace, state, job.verdict, attempts: nil, at: now))
        }
        if !spans.isEmpty { sink.take(spans) }
    }
}

extension Verdict {
    /// The model that the endpoint says has answered.
    fileprivate var model: String? {
        guard case .completed(let result, _) = self else { return nil }
        return (try? JSONObject(parsing: result.body))?["model"]?.string
    }
}
