import JobFlow
import Synchronization

/// What becomes of a job that the queue has and the disk refused.
extension AcceptJob {
    /// What is not on disk is not promised, so it is taken back. If a worker has it already it stays accepted: it is being
    /// paid for, and that worker's journal will have its end.
    func withoutPromise(
        _ spec: JobSpec, _ answer: Result<SubmitOutcome, StoreError>, _ refusal: IntakeProblem
    ) async -> Result<Outcome, IntakeProblem> {
        guard case .success(.accepted) = answer else { return .failure(refusal) }
        do throws(StoreError) {
            return try await takeBack(spec.id) ? .failure(refusal) : .success(.accepted)
        } catch { return .failure(failed(spec, error)) }
    }

    /// False if it has been claimed.
    private func takeBack(_ id: JobID) async throws(StoreError) -> Bool {
        guard let standing = try await store.standings([id]).first ?? nil else { return true }
        guard standing.state == .queued, standing.epoch == 0 else { return false }
        guard case .cancelled(epoch: 0, _) = try await control.cancel(id) else { return false }
        _ = try await control.delete(id)
        return true
    }
}

/// Whether this machine's disk took the last job that it was given.
final class DiskStanding: Sendable {
    private let state = Atomic(false)

    var isFailing: Bool {
        get { state.load(ordering: .relaxed) }
        set { state.store(newValue, ordering: .relaxed) }
    }
}

extension StoreError {
    static let notAsked = StoreError(.unavailable, "the queue was not asked")
}
