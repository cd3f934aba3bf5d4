/// What every outbox behind the `WebhookOutbox` seam promises, together with the queue that fills it; see
/// `JobStoreContract`.
package enum WebhookOutboxContract {
    package struct Case: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        package let description: String
        /// Wants an empty queue.
        package let check: @Sendable (OutboxUnderTest) async throws -> Void

        init(_ description: String, _ check: @escaping @Sendable (OutboxUnderTest) async throws -> Void) {
            self.description = description
            self.check = check
        }
    }

    package static let cases = filling + delivering + sharing + burying
}
