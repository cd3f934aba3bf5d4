import JobFlow
import JobRunner
import LLMEndpoints
import PoolSimulator

// One claimed job from claim to settlement: what `RunOneJob` does.
extension Rehearsal {
    mutating func begin(_ job: Int, in process: Int) {
        _ = processes[process].slots.enter()
        attempt(job, JobRun(claim(of: job), worker: processes[process].name), in: process)
    }

    /// Calls an endpoint, or ends the claim where none can be called.
    mutating func attempt(_ job: Int, _ run: JobRun, in process: Int) {
        var run = run
        if let left = timeLeft(run), left <= .zero { return settle(job, &run, .expired, in: process) }
        let needs = CallNeeds(prompt(run, process), avoiding: run.tried, tokens: tokens(job, process))
        switch processes[process].choose(needs, at: moment) {
        case .call(let call): start(call, job, run, in: process)
        case .unavailable(let wait): go(on: .unavailable(retryAfter: wait), job, &run, in: process)
        case .exhausted: go(on: .exhausted, job, &run, in: process)
        case .unserved: go(on: .unserved, job, &run, in: process)
        case .tooLate: go(on: .tooLate, job, &run, in: process)
        }
    }

    mutating func go(on outcome: CompletionOutcome, _ job: Int, _ run: inout JobRun, in process: Int) {
        // Drawn whether it is needed or not: a change of what is needed does not change every draw behind it.
        let chance = Double.random(in: -1...1, using: &processes[process].random)
        let step = run.step(
            after: outcome, schedule: setup.schedule, chance: chance, timeLeft: timeLeft(run), isDraining: false)
        switch step {
        case .failOver: attempt(job, run, in: process)
        case .end(let verdict): settle(job, &run, verdict, in: process)
        }
    }

    private mutating func settle(_ job: Int, _ run: inout JobRun, _ verdict: Verdict, in process: Int) {
        let settlement = run.settlement(verdict)
        processes[process].slots.called(at: .microseconds(now))
        processes[process].slots.released()
        wake(process)
        var left = backlog.progress[job]
        left.attempts += UInt16(settlement.attempts.count)
        (left.spent, left.rounds) = (UInt16(clamping: settlement.spent), UInt16(clamping: settlement.rounds))
        switch verdict {
        case .retry(let wait), .released(let wait):
            if wait <= .zero { return backlog.giveBack(job, left) }
            backlog.rest(job, until: milliseconds + wait.wholeMilliseconds, left)
        case .completed, .failed, .expired, .cancelled: end(job, verdict)
        }
    }

    mutating func end(_ job: Int, _ verdict: Verdict) {
        backlog.end(job)
        tally.ended(backlog.jobs[job], verdict, at: milliseconds)
    }

    private func prompt(_ run: JobRun, _ process: Int) -> Prompt {
        var prompt = run.prompt
        let queue = setup.queues.first { $0.queue == prompt.queue }
        prompt.region = queue?.region
        prompt.spill = queue?.spill ?? .atDeadline
        if prompt.spill == .atDeadline, let left = timeLeft(run), left <= processes[process].horizon {
            prompt.spill = .immediate
        }
        return prompt
    }

    private func timeLeft(_ run: JobRun) -> Duration? { run.claim.spec.deadline.map { $0 - moment } }

    private func tokens(_ job: Int, _ process: Int) -> CallTokens? {
        let job = backlog.jobs[job]
        guard processes[process].pool.needsTokens(ofBytes: Int(job.promptBytes)) else { return nil }
        return CallTokens(promptBytes: Int(job.promptBytes), outputLimit: job.outputLimit.map(Int.init))
    }

    private func claim(of number: Int) -> Claim {
        let (job, progress) = (backlog.jobs[number], backlog.progress[number])
        let spec = JobSpec(
            id: Self.id, queue: setup.queues[Int(job.queue)].queue, path: .chatCompletions, model: job.model, body: [],
            createdAt: VirtualTime.start, deadline: job.deadline.map(VirtualTime.moment(ofMilliseconds:)),
            maxAttempts: Int(job.maxAttempts), correlationID: "")
        return Claim(
            spec: spec, epoch: 1, attempts: Int(progress.attempts), spent: Int(progress.spent),
            rounds: Int(progress.rounds))
    }

    /// No decision looks at the name of a job.
    private static let id: JobID = {
        var random = SeededGenerator(seed: 1)
        return JobID(partition: 0, createdAt: VirtualTime.start, random: &random)
    }()
}
