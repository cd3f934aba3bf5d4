/// What a test waited for did not come to pass in half a minute.
package struct NeverHappened: Error {}

/// Waits until something is so; throws after half a minute.
package func eventually(_ isSo: () async throws -> Bool) async throws {
    let limit = ContinuousClock.now + .seconds(30)
    while try await !isSo() {
        guard ContinuousClock.now < limit else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(1))
    }
}
