import JobFlow
import Synchronization

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
        let connection = await ConnectionWatch.of(request.channel)
        let withdrawn = Withdrawal()
        let until = ContinuousClock.now + limit
        let first = await withTaskGroup(of: Result<Outcome, IntakeProblem>?.self) { group in
            group.addTask { await ended(spec.id, request) }
            if let connection { group.addTask { await closing(connection) } }
            if withdraw.applies(to: spec) { group.addTask { await watch(spec, until: until, withdrawn, request) } }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        let outcome = try (first ?? .success(.serverStops)).get()
        if case .ended(let record) = outcome, record.state == .cancelled, let closed = withdrawn.closedFor {
            return .poolClosed(closed)
        }
        return outcome
    }

    private func ended(_ id: JobID, _ request: IntakeRequest) async -> Result<Outcome, IntakeProblem> {
        do throws(IntakeProblem) {
            guard let record = try await end.record(id, within: limit, request) else { return .failure(.jobNotFound) }
            return .success(record.state.isTerminal ? .ended(record) : .timeUp)
        } catch { return .failure(error) }
    }

    private func closing(_ connection: ConnectionWatch) async -> Result<Outcome, IntakeProblem> {
        switch await connection.closing() {
        case .clientLeft: .success(.clientLeft)
        case .serverStops, nil: .success(.serverStops)
        }
    }

    /// Looks every second whether waiting is in vain. Returns only when the wait is over otherwise: that it was cancelled
    /// here is read from the job, as every end is.
    private func watch(
        _ spec: JobSpec, until: ContinuousClock.Instant, _ withdrawn: Withdrawal, _ request: IntakeRequest
    ) async -> Result<Outcome, IntakeProblem>? {
        while !Task.isCancelled {
            // Known before the end can be seen.
            if withdrawn.closedFor == nil, let closed = await withdraw.reason(spec, until: until, request) {
                withdrawn.closedFor = closed
                if await !withdraw.end(spec, request) { withdrawn.closedFor = nil }
            }
            try? await Task.sleep(for: WithdrawJob.pace)
        }
        return nil
    }

    private final class Withdrawal: Sendable {
        private let state = Mutex<Duration?>(nil)

        var closedFor: Duration? {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }
}
