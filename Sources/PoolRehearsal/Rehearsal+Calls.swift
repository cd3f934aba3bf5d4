import Curl
import JobFlow
import JobRunner
import LLMEndpoints
import PoolSimulator

// One call from its start to what it came to: what `EndpointPool` does.
extension Rehearsal {
    mutating func start(_ call: StartedCall, _ job: Int, _ run: JobRun, in process: Int) {
        let (endpoint, position) = (setup.pool.endpoints[call.endpoint], positions[call.endpoint])
        tally.began(
            at: call.endpoint, isDark: simulated.states[position].behaviour.blackout, isRetry: run.prompt.isRetry)
        let routed = simulated.begin(facts(backlog.jobs[job]), at: position, now: now)
        let timeout = endpoint.timeout(by: run.claim.spec.deadline, from: call.start)
        let (delay, outcome) = end(of: routed, within: timeout.wholeMilliseconds * 1000)
        let place = calls.begin(
            OpenCall(
                process: process, job: job, run: run, started: call, routed: routed, timeout: timeout, outcome: outcome)
        )
        agenda.plan(.callEnds(place.place, turn: place.turn), at: now + delay)
        if !processes[process].isCounting {
            processes[process].isCounting = true
            ring(process)
        }
    }

    mutating func ended(_ call: OpenCall, _ outcome: CallOutcome) {
        simulated.end(call.routed, outcome, now: now)
        let endpoint = setup.pool.endpoints[call.started.endpoint]
        var status: Int?
        let classified: Classified
        do {
            let response = try SimulatedAnswer.response(outcome, of: call.routed)
            status = response.status
            classified = ClassifyAnswer.classify(response, endpoint: endpoint, now: moment)
        } catch {
            classified = ClassifyFault.classify(
                error, hadTime: call.timeout, of: endpoint.timeout, connectTimeout: setup.pool.connectTimeout,
                isProbe: call.started.isProbe)
        }
        processes[call.process].pool.ended(call.started, classified, at: moment)
        if processes[call.process].pool.hasNews(of: call.started.endpoint, at: moment) { ring(call.process) }
        let report = classified.report(call.started, of: endpoint, end: moment, statusCode: status)
        tally.ended(report, at: call.started.endpoint)
        var run = call.run
        go(on: .called(report), call.job, &run, in: call.process)
    }

    /// A call that takes longer than it has ends when its time is over.
    private func end(of call: RoutedCall, within timeout: Int64) -> (delay: Int64, outcome: CallOutcome?) {
        guard let delay = call.fate.decision.delay, delay <= timeout else { return (timeout, nil) }
        return (delay, call.fate.decision.outcome)
    }

    private func facts(_ job: RehearsedJob) -> CallFacts {
        CallFacts(
            promptTokens: Int(job.promptTokens), maxTokens: job.outputLimit.map(Int.init) ?? Self.assumedLimit,
            outputTokens: Int(job.outputTokens))
    }

    /// What the simulator takes for `max_tokens` where a call names none.
    private static let assumedLimit = 256
}
