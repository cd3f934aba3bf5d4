import JobFlow

/// Extends the leases of all held jobs, three times in a lease, in one call a partition.
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
            events.leasesLost(
                try await store.renew(claims, worker: configuration.worker, lease: configuration.lease))
        } catch {
            if error.code != .cancelled { events.storeFailed(error) }
        }
    }
}
