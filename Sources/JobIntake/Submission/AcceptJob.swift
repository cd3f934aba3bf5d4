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

    /// - Parameter isAwaited: its end is waited for here (`JobStore.submitAndWatch`).
    func accept(_ spec: JobSpec, isAwaited: Bool = false) async throws(IntakeProblem) -> Outcome {
        guard let journal else { return try await submit(spec, isAwaited) }
        guard spool.isEmpty else { return try await lineUp(spec, journal) }
        spool.began(spec.id)
        do throws(IntakeProblem) { try await write(spec, journal) } catch {
            spool.gaveUp([spec.id])
            throw error
        }
        return try await direct(spec, isAwaited, journal).get()
    }

    /// It is on disk.
    private func direct(_ spec: JobSpec, _ isAwaited: Bool, _ journal: any JobJournal) async
        -> Result<Outcome, IntakeProblem>
    {
        switch await submitted(spec, isAwaited) {
        case .success(.accepted):
            journal.queued([spec.id])
            spool.ended(spec.id)
            return .success(.accepted)
        case .success(let outcome): return await withdraw(spec, journal, Self.answer(outcome))
        case .failure(let error):
            guard error.isRetriable else { return await withdraw(spec, journal, .failure(failed(spec, error))) }
            // The queue may have it or not: whoever empties the spool sends it again, which is harmless.
            guard spool.entered([spec.id], within: spoolLimit) else {
                return await withdraw(spec, journal, .failure(.spoolFull))
            }
            return .success(.accepted)
        }
    }

    private func withdraw(_ spec: JobSpec, _ journal: any JobJournal, _ result: Result<Outcome, IntakeProblem>) async
        -> Result<Outcome, IntakeProblem>
    {
        do throws(AuditError) {
            try await journal.withdraw(spec.id)
            spool.wereWithdrawn([spec.id])
        } catch {
            logger.fault("a refused job could not be taken out of the journal", error, spec.correlationID)
            spool.wereRefused([spec.id])
        }
        return result
    }

    private func submit(_ spec: JobSpec, _ isAwaited: Bool) async throws(IntakeProblem) -> Outcome {
        switch await submitted(spec, isAwaited) {
        case .success(let outcome): return try Self.answer(outcome).get()
        case .failure(let error): throw failed(spec, error)
        }
    }

    /// Behind those that the queue does not have yet: nothing overtakes a job that was accepted before.
    private func lineUp(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> Outcome {
        if let known = try await known(spec, journal) {
            guard known.hasSameContent else { throw .idempotencyConflict }
            return .known(known.id)
        }
        guard spool.count < spoolLimit else { throw .spoolFull }
        spool.began(spec.id)
        do throws(IntakeProblem) { try await write(spec, journal) } catch {
            spool.gaveUp([spec.id])
            throw error
        }
        _ = spool.entered([spec.id])
        return .accepted
    }

    /// What the queue would say of a repeated request.
    private func known(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> KnownJob? {
        do throws(AuditError) { return try await promised(spec, journal) } catch { throw failed(spec, error) }
    }

    /// What cannot be promised is not accepted.
    private func write(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal.accept(spec) } catch { throw failed(spec, error) }
    }

    private func submitted(_ spec: JobSpec, _ isAwaited: Bool) async -> Result<SubmitOutcome, StoreError> {
        do throws(StoreError) {
            return .success(isAwaited ? try await store.submitAndWatch(spec) : try await store.submit(spec))
        } catch { return .failure(error) }
    }

    static func answer(_ outcome: SubmitOutcome) -> Result<Outcome, IntakeProblem> {
        switch outcome {
        case .accepted: .success(.accepted)
        case .duplicate(let id), .aliased(let id): .success(.known(id))
        case .conflict: .failure(.idempotencyConflict)
        case .full: .failure(.queueFull)
        case .callerFull: .failure(.callerQueueFull)
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
