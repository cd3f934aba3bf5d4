/// What a test waited for did not come to pass in a minute.
package struct NeverHappened: Error {}

/// Waits until something is so; throws after a minute.
package func eventually(_ isSo: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(60)
    while try await !isSo() {
        guard ContinuousClock.now < limit else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(1))
    }
}
