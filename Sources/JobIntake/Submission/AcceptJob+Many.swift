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
        do throws(IntakeProblem) { try await write(specs, journal) } catch {
            spool.gaveUp(ids)
            throw error
        }
        do throws(StoreError) {
            let results = try await store.submit(specs, isPromised: false).map(Self.answer)
            await tell(ids, results, journal)
            return results
        } catch {
            guard error.isRetriable else {
                await withdraw(ids, journal)
                throw failed(error)
            }
            guard spool.entered(ids, within: spoolLimit) else {
                await withdraw(ids, journal)
                throw .spoolFull
            }
            return specs.map { _ in .success(.accepted) }
        }
    }

    /// What the queue has said of each.
    private func tell(_ ids: [JobID], _ results: [LineResult], _ journal: any JobJournal) async {
        let accepted = zip(ids, results).filter { $0.1 == .success(.accepted) }.map(\.0)
        journal.queued(accepted)
        spool.ended(accepted)
        await withdraw(zip(ids, results).filter { $0.1 != .success(.accepted) }.map(\.0), journal)
    }

    private func lineUp(_ specs: [JobSpec], _ journal: any JobJournal) async throws(IntakeProblem) -> [LineResult] {
        var results: [LineResult] = []
        for spec in specs { results.append(try await known(spec, journal) ?? .success(.accepted)) }
        let fresh = zip(specs, results).filter { $0.1 == .success(.accepted) }.map(\.0)
        let ids = fresh.map(\.id)
        guard spool.count + ids.count <= spoolLimit else { throw .spoolFull }
        spool.began(ids)
        do throws(IntakeProblem) { try await write(fresh, journal) } catch {
            spool.gaveUp(ids, mayBeHere: true)
            throw error
        }
        _ = spool.entered(ids)
        return results
    }

    private func known(_ spec: JobSpec, _ journal: any JobJournal) async throws(IntakeProblem) -> LineResult? {
        do throws(AuditError) {
            guard let known = try await promised(spec, journal) else { return nil }
            return known.hasSameContent ? .success(.known(known.id)) : .failure(.idempotencyConflict)
        } catch { throw failed(error) }
    }

    private func write(_ specs: [JobSpec], _ journal: any JobJournal) async throws(IntakeProblem) {
        do throws(AuditError) { try await journal.accept(specs) } catch { throw failed(error) }
    }

    private func submitted(_ specs: [JobSpec]) async throws(IntakeProblem) -> [SubmitOutcome] {
        do throws(StoreError) { return try await store.submit(specs, isPromised: false) } catch { throw failed(error) }
    }

    private func withdraw(_ ids: [JobID], _ journal: any JobJournal) async {
        guard !ids.isEmpty else { return }
        do throws(AuditError) {
            try await journal.withdraw(ids)
            spool.wereWithdrawn(ids)
        } catch {
            logger.error("refused jobs could not be taken out of the journal", metadata: ["error": "\(error)"])
            spool.wereRefused(ids)
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
