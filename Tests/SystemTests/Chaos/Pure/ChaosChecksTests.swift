import JobFlow
import Testing

/// A check that cannot fail proves nothing: each of them has to find what was planted.
struct ChaosChecksTests {
    @Test func `a round in which all went well has no violation`() {
        #expect(evidence(job()).violations.isEmpty)
    }

    @Test func `a lost job is named`() {
        var open = job()
        open.state = .inProgress
        open.ledger = []
        #expect(evidence(open).violations.contains { $0.hasPrefix("lost: job") })
        open.state = nil
        #expect(evidence(open).violations.contains { $0.hasPrefix("lost: job") })
    }

    @Test func `an end that changed is named, be it in state or in content`() {
        var changed = job()
        changed.client?.endings.append(.init(state: .completed, digest: 2))
        #expect(evidence(changed).violations.contains { $0.hasPrefix("double result") })
        var other = job()
        other.client?.endings = [.init(state: .failed, digest: 1)]
        #expect(evidence(other).violations.contains { $0.hasPrefix("double result") })
    }

    @Test func `an accepted job that was denied is named`() {
        var denied = job()
        denied.client?.denials = 1
        #expect(evidence(denied).violations.map { $0.prefix(6) } == ["denied"])
    }

    @Test func `a submission that ran as two jobs is named`() {
        let twin = job("job_2", submission: "s1", request: "r2")
        #expect(evidence(job(), twin).violations.contains { $0.hasPrefix("ran twice: s1") })
    }

    @Test func `a job that nobody was told of needs a lost reply`() {
        var foreign = job()
        foreign.client = nil
        #expect(evidence(foreign).violations.map { $0.prefix(7) } == ["foreign"])
        var explained = evidence(foreign)
        explained.client.unanswered = ["s1"]
        #expect(explained.violations.isEmpty)
    }

    @Test func `a call without a row is named, unless a claim died with it`() {
        var silent = job()
        silent.calls.insert(call("r0", attempt: 1, outcome: "refused", status: 500), at: 0)
        #expect(evidence(silent).violations.map { $0.prefix(10) } == ["unrecorded"])
        silent.ledger[0].number = 2
        silent.calls[1].attempt = 2
        silent.ledger.insert(row(1, endpoint: "", .abandoned), at: 0)
        silent.audit = silent.ledger
        #expect(evidence(silent).violations.isEmpty)
    }

    @Test func `a row without its call is named`() {
        var boastful = job()
        boastful.ledger.insert(row(1, .retry, request: "r9", status: 500), at: 0)
        boastful.audit = boastful.ledger
        #expect(evidence(boastful).violations.map { $0.prefix(8) } == ["invented"])
    }

    @Test func `an answer that was paid for twice needs a lost claim`() {
        var wasteful = job()
        wasteful.calls.append(call("r2", attempt: 2))
        #expect(evidence(wasteful).violations.contains { $0.hasPrefix("spent: job_1") })
        wasteful.ledger[0].number = 2
        wasteful.ledger.insert(row(1, endpoint: "", .abandoned), at: 0)
        wasteful.audit = wasteful.ledger
        var explained = evidence(wasteful)
        #expect(explained.violations.isEmpty, "its lease was lost without a fault")
        explained.faults = [FaultRecord(kind: .killWorker, from: time(0), to: time(9000))]
        #expect(explained.violations.map { $0.prefix(5) } == ["spent"], "a fault that met no call explains none")
        explained.faults[0].exposure = 1
        #expect(explained.violations.isEmpty)
    }

    @Test func `an answer that was paid for and not heard is explained by its row`() {
        var deaf = job()
        deaf.calls.insert(call("r0", attempt: 1), at: 0)
        deaf.calls[1].attempt = 2
        deaf.ledger[0].number = 2
        deaf.ledger.insert(row(1, .retry), at: 0)
        deaf.audit = deaf.ledger
        #expect(SpendingCheck.extra(deaf) == 1)
        #expect(!evidence(deaf).violations.contains { $0.hasPrefix("spent: job_1") })
    }

    @Test func `a completed job without an answer is named`() {
        var free = job()
        free.calls = []
        #expect(evidence(free).violations.contains { $0.hasPrefix("unpaid") })
    }

    @Test func `a row that the audit log lacks is named, unless the disk was full`() {
        var unaudited = job()
        unaudited.audit = []
        #expect(evidence(unaudited).violations.map { $0.prefix(11) } == ["not audited"])
        unaudited.isUnaudited = true
        #expect(evidence(unaudited).violations.isEmpty)
        #expect(AuditCheck.missingWhileFull(evidence(unaudited)) == 1)
    }

    private func evidence(_ jobs: Evidence.JobEvidence...) -> Evidence {
        Evidence(jobs: jobs, client: ClientRecord.Snapshot(), faults: [])
    }

    /// Accepted, called once, completed, read.
    private func job(_ id: String = "job_1", submission: String = "s1", request: String = "r1") -> Evidence.JobEvidence
    {
        var job = Evidence.JobEvidence(id: id)
        job.client = ClientRecord.Job(
            submission: submission, acceptedAt: time(0), endings: [.init(state: .completed, digest: 1)])
        job.state = .completed
        job.ledger = [row(1, .completed, request: request, status: 200)]
        job.audit = job.ledger
        job.calls = [call(request, attempt: 1, of: id, submission: submission)]
        return job
    }

    private func row(
        _ number: Int, endpoint: String = "east", _ outcome: Attempt.Outcome, request: String? = nil, status: Int? = nil
    ) -> Attempt {
        Attempt(
            number: number, endpoint: endpoint, region: "r", tier: "ptu", worker: "host-1-2", startedAt: time(1000),
            endedAt: time(2000), outcome: outcome, statusCode: status, billed: .maybe, upstreamRequestID: request)
    }

    private func call(
        _ request: String, attempt: Int, of job: String = "job_1", submission: String = "s1",
        outcome: String = "answered", status: Int = 200
    ) -> SimulatedCall {
        SimulatedCall(
            job: job, endpoint: "east", status: status, outcome: outcome, attempt: attempt, correlationID: submission,
            requestID: request, at: time(1500))
    }

    private func time(_ milliseconds: Int64) -> Timestamp { Timestamp(milliseconds: milliseconds) }
}
