import JobFlow
import Logging

extension AcceptJob {
    typealias LineResult = Result<Outcome, IntakeProblem>

    /// The same promise for many jobs at a time, one result each: one commit of the journal, then one call of the queue.
    ///
    /// - Throws: when none of them is accepted.
    func accept(_ specs: [JobSpec]) async throws(IntakeProblem) -> [LineResult] {
        guard let journal else { return try await submitted(specs).map(Self.answer) }
        guard spool.isEmpty else { return try await lineUp(specs, journal) }
        let ids = specs.map(\.id)
        spool.began(ids)
        var doubtful: Set<JobID> = []
        // What the journal could not take back stays out of the spool for as long as this process lives.
        defer { spool.ended(Set(ids).subtracting(doubtful)) }
        try await write(specs, journal)
        do throws(StoreError) {
            let outcomes = try await store.submit(specs, isPromised: false)
            let results = outcomes.map(Self.answer)
            let refused = zip(ids, results).filter { $0.1 != .success(.accepted) }.map(\.0)
            doubtful = await withdraw(refused, journal)
            journal.queued(zip(ids, results).filter { $0.1 == .success(.accepted) }.map(\.0))
            return results
        } catch {
            guard error.isRetriable else {
                doubtful = await withdraw(ids, journal)
                throw failed(error)
            }
            guard spool.count + specs.count <= spoolLimit else {
                doubtful = await withdraw(ids, journal)
                throw .spoolFull
            }
            spool.entered(specs.count)
            return specs.map { _ in .success(.accepted) }
        }
    }

    private func lineUp(_ specs: [JobSpec], _ journal: any JobJournal) async throws(IntakeProblem) -> [LineResult] {
        guard spool.count + specs.count <= spoolLimit else { throw .spoolFull }
        var results: [LineResult] = []
        for spec in specs { results.append(try await known(spec, journal) ?? .success(.accepted)) }
        let fresh = zip(specs, results).filter { $0.1 == .success(.accepted) }.map(\.0)
        spool.began(fresh.map(\.id))
        spool.entered(fresh.count)
        defer { spool.ended(fresh.map(\.id)) }
        do throws(IntakeProblem) { try await write(fresh, journal) } catch {
            spool.left(fresh.count)
            throw error
        }
        return results
    }

    private func known(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> LineResult? {
        guard let idempotency = spec.idempotency, idempotency.source != .firstSend else { return nil }
        do throws(AuditError) {
            guard let known = try await journal.known(idempotency), known.id != spec.id else { return nil }
            return known.hasSameContent ? .success(.known(known.id)) : .failure(.idempotencyConflict)
        } catch { throw failed(error) }
    }

    private func write(_ specs: [JobSpec], _ journal: any JobJournal) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal.accept(specs) } catch { throw failed(error) }
    }

    private func submitted(_ specs: [JobSpec]) async throws(IntakeProblem) -> [SubmitOutcome] {
        do throws(StoreError) { return try await store.submit(specs, isPromised: false) } catch { throw failed(error) }
    }

    /// Returns those that may still be in the journal.
    private func withdraw(_ ids: [JobID], _ journal: any JobJournal) async -> Set<JobID> {
        guard !ids.isEmpty else { return [] }
        do throws(AuditError) {
            try await journal.withdraw(ids)
            return []
        } catch {
            logger.error("refused jobs could not be taken out of the journal", metadata: ["error": "\(error)"])
            return Set(ids)
        }
    }

    private func failed(_ error: StoreError) -> IntakeProblem {
        logger.error("a batch could not be submitted", metadata: ["error": "\(error)"])
        return IntakeProblem(error)
    }

    private func failed(_ error: AuditError) -> IntakeProblem {
        logger.error("a batch could not be journaled", metadata: ["error": "\(error)"])
        return .journalUnavailable
    }
}
