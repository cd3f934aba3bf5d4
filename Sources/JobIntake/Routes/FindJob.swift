import JobFlow
import Logging

/// Reads a job from the queue; and from this machine's journal, what the queue cannot tell. A job that was promised here is
/// never unknown.
struct FindJob: Sendable {
    let store: any JobStore
    let journal: (any JobJournal)?
    let queues: [IntakeQueue]
    let now: WallClock
    let logger: Logger

    /// Nil if nobody knows it.
    func record(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord? {
        do throws(StoreError) {
            if let record = try await store.record(id) { return Self.seen(record, by: request) }
        } catch { return Self.seen(try await whileAway(id, request, error), by: request) }
        return try await remembered(id, request)
    }

    /// A job of somebody else is none.
    private static func seen(_ record: JobRecord, by request: IntakeRequest) -> JobRecord? {
        request.caller.sees(record.spec.caller) ? record : nil
    }

    /// As soon as it has ended, or as it is when the time is up or the wait is interrupted; at once when the queue cannot tell.
    func record(
        _ id: JobID, endedWithin wait: Duration, unless interruption: Interruption, _ request: IntakeRequest
    ) async throws(IntakeProblem) -> JobRecord? {
        do throws(StoreError) {
            if let record = try await store.record(id, endedWithin: wait, unless: interruption) {
                return Self.seen(record, by: request)
            }
        } catch { return Self.seen(try await whileAway(id, request, error), by: request) }
        return try await remembered(id, request)
    }

    /// Its attempts, as JSON objects separated by commas; nil if nobody knows it. The journal has those of this machine.
    func ledger(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> [UInt8]? {
        do throws(StoreError) {
            if let record = try await store.record(id) { return Self.seen(record, by: request)?.ledger }
        } catch {
            guard Self.seen(try await whileAway(id, request, error), by: request) != nil else { return nil }
            return try await journaledAttempts(id, request)
        }
        guard try await remembered(id, request) != nil else { return nil }
        return try await journaledAttempts(id, request)
    }

    /// The upstream request of a job that was found; empty where the queue has lost it.
    func body(_ record: JobRecord, _ request: IntakeRequest) async throws(IntakeProblem) -> [UInt8] {
        do throws(StoreError) { return try await store.body(record.spec.id) ?? [] } catch {
            logger.fault("a job's body could not be read", error, request.id)
            throw IntakeProblem(error)
        }
    }

    /// What to say of a job that the queue does not have: it comes, or there is none.
    func absence(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> IntakeProblem {
        try await remembered(id, request) == nil ? .jobNotFound : .unavailable
    }

    /// A job that the queue does not have yet, or has forgotten and will be told of again. One whose time to be kept is over is
    /// gone.
    private func remembered(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord? {
        guard let record = try await journaled(id, request), Self.seen(record, by: request) != nil else { return nil }
        guard record.state.isTerminal else { return record }
        let kept = queues.first { $0.name == record.spec.queue }?.resultTTL ?? .zero
        return record.finishedAt.map { now() - $0 < kept } == true ? record : nil
    }

    private func whileAway(_ id: JobID, _ request: IntakeRequest, _ error: StoreError) async throws(IntakeProblem)
        -> JobRecord
    {
        if error.isRetriable, let record = try await journaled(id, request) { return record }
        if error.code != .cancelled { logger.fault("job could not be read", error, request.id) }
        throw IntakeProblem(error)
    }

    private func journaled(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> JobRecord? {
        do throws(AuditError) { return try await journal?.record(id) } catch { throw unreadable(error, request) }
    }

    private func journaledAttempts(_ id: JobID, _ request: IntakeRequest) async throws(IntakeProblem) -> [UInt8] {
        do throws(AuditError) {
            return try await journal?.attempts(of: id).map(\.attempt).encodedLedger ?? []
        } catch { throw unreadable(error, request) }
    }

    private func unreadable(_ error: AuditError, _ request: IntakeRequest) -> IntakeProblem {
        logger.fault("the journal could not be read", error, request.id)
        return .journalUnavailable
    }
}
