/// Starts operations at a constant rate, however long they take, and collects their times.
struct OpenLoop {
    var rate: Double
    var count: Int

    func run(_ operation: @escaping @Sendable (Int) async throws -> Duration) async throws -> [Duration] {
        try await withThrowingTaskGroup(of: Duration.self) { group in
            let start = ContinuousClock.now
            for number in 0..<count {
                try await Task.sleep(until: start + .seconds(Double(number) / rate), clock: .continuous)
                group.addTask { try await operation(number) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
