import JobFlow

/// Waits for the end of a job on behalf of a client that keeps its connection open for the answer.
struct AwaitAnswer: Sendable {
    enum Outcome: Sendable {
        case ended(JobRecord)
        case timeUp
        case clientLeft
        case serverStops
        /// No endpoint will open while anybody waits, so the job was cancelled before it cost anything.
        case poolClosed(Duration)
    }

    let end: AwaitEnd
    let withdraw: WithdrawJob
    let limit: Duration

    func outcome(of spec: JobSpec, _ request: IntakeRequest) async throws(IntakeProblem) -> Outcome {
        defer { end.find.store.unwatch(spec.id) }
        let until = ContinuousClock.now + limit
        let interruption = Interruption()
        let connection = await ConnectionWatch.of(request.channel)
        let place = connection?.interrupt(interruption)
        defer { if let place { connection?.leave(place) } }
        let ticket = withdraw.watch(spec, until: until, interruption)
        defer { withdraw.forget(ticket) }
        return try await outcome(of: spec, until: until, interruption, connection, request)
    }

    private func outcome(
        of spec: JobSpec, until: ContinuousClock.Instant, _ interruption: Interruption, _ connection: ConnectionWatch?,
        _ request: IntakeRequest
    ) async throws(IntakeProblem) -> Outcome {
        var closedFor: Duration?
        while true {
            // Known before the end can be seen.
            if closedFor == nil, let closed = await withdraw.reason(spec, until: until, request) {
                closedFor = await withdraw.end(spec, request) ? closed : nil
            }
            let record = try await end.record(spec.id, within: until - .now, unless: interruption, request)
            // Before its causes are looked at: one that comes later raises it again.
            interruption.lower()
            guard let record else { throw .jobNotFound }
            if record.state == .cancelled, let closedFor { return .poolClosed(closedFor) }
            if record.state.isTerminal {
                // Found here, it need not be looked for by whoever lets the journal go of jobs that have ended.
                end.find.journal?.ended([spec.id])
                return .ended(record)
            }
            if let cause = connection?.cause { return cause == .clientLeft ? .clientLeft : .serverStops }
            if Task.isCancelled { return .serverStops }
            if until <= .now { return .timeUp }
        }
    }
}
