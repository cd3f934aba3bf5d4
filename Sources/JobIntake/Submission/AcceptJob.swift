import JobFlow
import Logging

/// Makes the promise that a 202 is. The job is on this machine's disk before the queue is asked: whatever becomes of Redis,
/// it gets there. Without a journal, the word of the queue is the promise.
struct AcceptJob: Sendable {
    let store: any JobStore
    let journal: (any JobJournal)?
    let spool: Spool
    let spoolLimit: Int
    let logger: Logger

    enum Outcome: Sendable, Equatable {
        /// New, and promised.
        case accepted
        /// The same request made this job before.
        case known(JobID)
    }

    func accept(_ spec: JobSpec) async throws(IntakeProblem) -> Outcome {
        guard let journal else { return try await submit(spec) }
        guard spool.isEmpty else { return try await lineUp(spec, journal) }
        try await write(spec, journal)
        switch await submitted(spec) {
        case .success(.accepted):
            journal.queued([spec.id])
            return .accepted
        case .success(let outcome):
            journal.withdraw(spec.id)
            return try Self.answer(outcome)
        case .failure(let error): return try keep(spec, journal, error)
        }
    }

    private func submit(_ spec: JobSpec) async throws(IntakeProblem) -> Outcome {
        switch await submitted(spec) {
        case .success(let outcome): return try Self.answer(outcome)
        case .failure(let error): throw failed(spec, error)
        }
    }

    /// Behind those that the queue does not have yet: nothing overtakes a job that was accepted before.
    private func lineUp(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> Outcome {
        guard spool.count < spoolLimit else { throw .spoolFull }
        if let known = try await known(spec, journal) {
            guard known.hasSameContent else { throw .idempotencyConflict }
            return .known(known.id)
        }
        try await write(spec, journal)
        spool.entered()
        return .accepted
    }

    /// The queue may have it or not: whoever empties the spool sends it again, which is harmless.
    private func keep(_ spec: JobSpec, _ journal: any JobJournal, _ error: StoreError) throws(IntakeProblem)
        -> Outcome
    {
        guard error.isRetriable, spool.count < spoolLimit else {
            journal.withdraw(spec.id)
            throw error.isRetriable ? .spoolFull : failed(spec, error)
        }
        spool.entered()
        return .accepted
    }

    /// What the queue would say of a repeated request. A first send is always a job of its own.
    private func known(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> KnownJob? {
        guard let idempotency = spec.idempotency, idempotency.source != .firstSend else { return nil }
        do throws(AuditError) { return try await journal.known(idempotency) } catch { throw failed(spec, error) }
    }

    /// What cannot be promised is not accepted.
    private func write(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal.accept(spec) } catch { throw failed(spec, error) }
    }

    private func submitted(_ spec: JobSpec) async -> Result<SubmitOutcome, StoreError> {
        do throws(StoreError) { return .success(try await store.submit(spec)) } catch { return .failure(error) }
    }

    private static func answer(_ outcome: SubmitOutcome) throws(IntakeProblem) -> Outcome {
        switch outcome {
        case .accepted: return .accepted
        case .duplicate(let id), .aliased(let id): return .known(id)
        case .conflict: throw .idempotencyConflict
        case .full: throw .queueFull
        }
    }

    private func failed(_ spec: JobSpec, _ error: StoreError) -> IntakeProblem {
        logger.fault("submission failed", error, spec.correlationID)
        return IntakeProblem(error)
    }

    private func failed(_ spec: JobSpec, _ error: AuditError) -> IntakeProblem {
        logger.fault("submission could not be journaled", error, spec.correlationID)
        return .journalUnavailable
    }
}
