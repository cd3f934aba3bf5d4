import JobFlow

extension AcceptJob {
    /// Another job that a repeated request means, and that was not refused; a first send is always a job of its own. One whose
    /// fate is open is waited for: what is said of it here is a promise.
    func promised(_ spec: JobSpec, _ journal: any JobJournal) async throws(AuditError) -> KnownJob? {
        guard let idempotency = spec.idempotency, idempotency.source != .firstSend else { return nil }
        while let known = try await journal.known(idempotency), known.id != spec.id {
            switch spool.standing(of: known.id) {
            case .promised: return known
            case .refused: return nil
            case .underway: await decision(on: known.id)
            }
            // Nobody hears the answer.
            if Task.isCancelled { return known }
        }
        return nil
    }

    private func decision(on id: JobID) async {
        while spool.standing(of: id) == .underway, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
    }
}
