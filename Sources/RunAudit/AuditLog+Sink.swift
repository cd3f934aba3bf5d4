package import JobFlow

extension AuditLog: AuditSink {
    package func record(_ settlement: Settlement) async throws(AuditError) {
        guard settlement.isWorthKeeping else { return }
        try await commit(.settlement(settlement, at: clock()))
    }

    package func settled(_ settlement: Settlement, _ outcome: SettleOutcome) {
        guard settlement.isWorthKeeping else { return }
        commitLater(.answered(settlement, outcome, at: clock()))
    }

    package func note(_ attempts: [AuditedAttempt], _ ended: [EndedJob]) {
        guard !attempts.isEmpty || !ended.isEmpty else { return }
        commitLater(.noted(attempts, ended, at: clock()))
    }
}

extension Settlement {
    /// A claim that is given back untouched is found by the end of its lease as well.
    fileprivate var isWorthKeeping: Bool { verdict.terminalState != nil || !attempts.isEmpty }
}
