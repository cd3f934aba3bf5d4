/// The seam to what brings a server that may have lost writes up to what this machine knows.
package protocol QueueRecovery: Sendable {
    /// Returns the server that answers for the partition, when it knows everything that this machine has to tell: the
    /// claims that this process holds, settlements that it was not told, ends that it forgot.
    func recover(_ partition: Int, holding held: [Claim]) async throws(StoreError) -> ServerIdentity
}
