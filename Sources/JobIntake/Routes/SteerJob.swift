import HTTPTypes
import JobFlow
import Logging

/// Ends a job, runs it again, forgets it: in the queue, and in this machine's journal.
struct SteerJob: Sendable {
    let control: any JobControl
    let find: FindJob
    let journal: (any JobJournal)?
    let cancellation: NoteCancellation
    let logger: Logger

    enum End: Sendable {
        /// Just now or before.
        case cancelled(JobRecord)
        /// Otherwise, before.
        case ended(JobState)
    }

    /// Ends a job that the caller may see, if it has not ended.
    func end(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> End {
        let outcome: CancelOutcome
        do throws(StoreError) { outcome = try await control.cancel(id) } catch { throw failed(request, error) }
        switch outcome {
        case .cancelled(let epoch, let state):
            let record = try await read(id, request)
            await cancellation.note(record, epoch: epoch, from: state, request.id)
            return .cancelled(record)
        case .ended(let state): return .ended(state)
        case .missing: throw try await find.absence(id, request)
        }
    }

    /// Runs a job again. What the journal knows of the end has to go first: it must not be restored over the new run. So it is
    /// looked at whether there will be one.
    func revive(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        // Under its own name, should this one stand for it.
        let known = try await known(id, request)
        if let refusal = Self.refusal(known.state) { throw refusal }
        try await forgetEnd(of: known.spec.id, request)
        let outcome: ControlOutcome
        do throws(StoreError) { outcome = try await control.retry(id) } catch { throw failed(request, error) }
        switch outcome {
        case .done: return try await read(id, request)
        case .refused(let state): throw Self.refusal(state) ?? .jobNotEnded(state)
        case .missing: throw try await find.absence(id, request)
        }
    }

    /// Forgets a job that has ended.
    func remove(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) {
        let known = try await known(id, request)
        let outcome: ControlOutcome
        do throws(StoreError) { outcome = try await control.delete(id) } catch { throw failed(request, error) }
        switch outcome {
        case .done:
            // Or a queue that loses its last writes would be told of it again.
            for name in Set([id, known.spec.id]) { try await forget(name, request) }
        case .refused(let state): throw .jobNotEnded(state)
        case .missing: throw try await find.absence(id, request)
        }
    }

    /// A client that closed its connection takes its job along if it has said so. In a task of its own: that of the request
    /// ends with its connection.
    func clientLeft(_ id: JobID, _ connection: ConnectionWatch?, _ request: IntakeRequest) async {
        guard connection?.hasClientLeft == true,
            request.headers[.cancelOnDisconnect]?.lowercased() == "true"
        else { return }
        _ = await Task { try? await end(id, request) }.value
    }

    private func read(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        guard let record = try await find.record(id, request) else { throw .jobNotFound }
        return record
    }

    /// As the queue has it: what the journal says is no ground to forget an end.
    func known(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord {
        let record: JobRecord?
        do throws(StoreError) { record = try await find.store.record(id) } catch { throw failed(request, error) }
        guard let record else { throw try await find.absence(id, request) }
        guard request.caller.sees(record.spec.caller) else { throw .jobNotFound }
        return record
    }

    private static func refusal(_ state: JobState) -> IntakeProblem? {
        switch state {
        case .failed, .expired, .cancelled: nil
        case .completed: .jobCompleted
        case .queued, .scheduled, .inProgress: .jobNotEnded(state)
        }
    }

    private func forgetEnd(of id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal?.forgetEnd(id) } catch {
            logger.fault("a retry could not be journaled", error, request.id)
            throw .journalUnavailable
        }
    }

    private func forget(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal?.forget(id) } catch {
            logger.fault("a deletion could not be journaled", error, request.id)
            throw .journalUnavailable
        }
    }

    private func failed(_ request: IntakeRequest, _ error: StoreError) -> IntakeProblem {
        logger.fault("job could not be changed", error, request.id)
        return IntakeProblem(error)
    }
}
