package import JobFlow
import Synchronization

/// Takes every server as it is, and remembers what it was told to tell it.
package final class TrustingRecovery: QueueRecovery {
    private let store: any JobStore
    private let held = Mutex<[[Claim]]>([])

    package init(_ store: any JobStore) { self.store = store }

    /// The claims that were held at each recovery.
    package var heldClaims: [[Claim]] { held.withLock { $0 } }

    package func recover(_ partition: Int, holding claims: [Claim]) async throws(StoreError) -> ServerIdentity {
        held.withLock { $0.append(claims) }
        return try await store.server(partition).identity
    }
}
