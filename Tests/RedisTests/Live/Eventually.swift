struct NeverHappened: Error, CustomStringConvertible {
    let what: String
    var description: String { "did not happen in time: \(what)" }
}

/// Asks again until the condition holds; the limit is for a test that would hang, not a measurement.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < end else { throw NeverHappened(what: what) }
        try await Task.sleep(for: .milliseconds(10))
    }
}
