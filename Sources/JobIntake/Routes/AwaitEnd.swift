import JobFlow

/// Holds a poll back until its job has ended. While the queue is away, or does not have the job yet, it is asked again: the
/// journal's answer comes at once, and a client that polls again at once would be a storm.
struct AwaitEnd: Sendable {
    let find: FindJob
    let pause: Duration

    /// As soon as it has ended, or as it is when the time is up or the wait is interrupted.
    func record(
        _ id: JobID, within wait: Duration, unless interruption: Interruption, _ request: IntakeRequest
    ) async throws(IntakeProblem) -> JobRecord? {
        let end = ContinuousClock.now + wait
        while true {
            let rest = end - .now
            let record = try await find.record(id, endedWithin: max(.zero, rest), unless: interruption, request)
            guard let record, !record.state.isTerminal, .now < end, !interruption.isRaised, !Task.isCancelled
            else { return record }
            try? await Task.sleep(for: min(pause, end - .now))
            if interruption.isRaised { return record }
        }
    }
}
