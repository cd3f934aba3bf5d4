import JobFlow

/// Extends the leases of all held jobs, three times in a lease, in one call a partition. A job whose lease is lost is told,
/// once.
struct LeaseKeeper: Sendable {
    let store: any JobStore
    let held: HeldClaims
    let configuration: RunnerConfiguration
    let events: RunnerEvents

    /// Runs until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: configuration.lease / 3)
            await renew()
        }
    }

    private func renew() async {
        let claims = held.claims
        guard !claims.isEmpty else { return }
        do throws(StoreError) {
            let lost = try await store.renew(claims, worker: configuration.worker, lease: configuration.lease)
            for claim in claims where lost.contains(claim.spec.id) && held.revocation(of: claim).revoke() {
                events.leaseLost(claim.spec)
            }
        } catch {
            if error.code != .cancelled { events.storeFailed(error) }
        }
    }
}
