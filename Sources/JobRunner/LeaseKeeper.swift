import JobFlow

/// Keeps what this process holds, and lets go what it holds no more: extends the leases of all held jobs, three times in a
/// lease, and hears of jobs that are cancelled. A job that is no longer ours is told, once.
struct LeaseKeeper: Sendable {
    let store: any JobStore
    let control: any JobControl
    let held: HeldClaims
    let configuration: RunnerConfiguration
    let events: RunnerEvents
    /// Raised when cancellations may have been missed.
    private let gap = Wakeup()

    /// Runs until the task is cancelled.
    func run() async {
        await withTaskGroup { group in
            group.addTask { await renewals() }
            group.addTask { await control.watchCancellations(onCancel: cancelled, onGap: { gap.raise() }) }
            await group.waitForAll()
        }
    }

    private func renewals() async {
        while !Task.isCancelled {
            await gap.sleep(atMost: configuration.lease / 3)
            await renew()
        }
    }

    private func renew() async {
        let claims = held.claims
        guard !claims.isEmpty else { return }
        do throws(StoreError) {
            let leaseEnds = configuration.uptime() + configuration.lease
            let lost = try await store.renew(claims, lease: configuration.lease)
            for claim in claims where !lost.contains(claim.spec.id) {
                held.revocation(of: claim).extendLease(to: leaseEnds)
            }
            try await revoke(claims.filter { lost.contains($0.spec.id) })
        } catch {
            if error.code != .cancelled { events.storeFailed(error) }
        }
    }

    /// A cancellation may have been missed while nobody listened. What was let go while the renewal was under way was settled,
    /// and is not lost.
    private func revoke(_ lost: [Claim]) async throws(StoreError) {
        let lost = lost.filter(held.holds)
        guard !lost.isEmpty else { return }
        for (claim, standing) in zip(lost, try await store.standings(lost.map(\.spec.id))) where held.holds(claim) {
            revoke(claim, held.revocation(of: claim), standing?.state == .cancelled ? .cancelled : .leaseLost)
        }
    }

    private func cancelled(_ id: JobID) {
        if let holding = held.holding(of: id) { revoke(holding.claim, holding.revocation, .cancelled) }
    }

    private func revoke(_ claim: Claim, _ revocation: Revocation, _ cause: Revocation.Cause) {
        if revocation.revoke(cause) { events.revoked(claim.spec, cause) }
    }
}
