import JobFlow

/// Repeats operations until they can be timed, and prints what one of them costs: the median of some runs.
struct PartsTable {
    var runs: Int
    var filter: String?
    private(set) var figures = Figures()

    private static let shortestRun = Duration.milliseconds(100)

    init(runs: Int, filter: String?) {
        self.runs = runs
        self.filter = filter
    }

    func wants(_ name: String) -> Bool { filter.map(name.contains) ?? true }

    /// - Parameter operations: performs as many as it is told.
    mutating func measure(_ name: String, _ operations: (_ count: Int) async throws -> Void) async throws {
        guard wants(name) else { return }
        let clock = ContinuousClock()
        var count = 1
        while try await clock.measure({ try await operations(count) }) < Self.shortestRun { count *= 2 }
        var times: [Duration] = []
        for _ in 0..<runs { times.append(try await clock.measure { try await operations(count) } / count) }
        report(name, times)
    }

    /// - Parameter times: of one operation, one of each run.
    mutating func report(_ name: String, _ times: [Duration]) {
        let nanoseconds = times.sorted()[times.count / 2].inSeconds * 1e9
        figures.add(name, nanoseconds)
        print(Self.padded(name, -36), Self.cost(nanoseconds), Self.padded("\(Int(1e9 / nanoseconds))/s", 14))
    }

    private static func cost(_ nanoseconds: Double) -> String {
        let (value, unit) = nanoseconds < 10_000 ? (nanoseconds, "ns") : (nanoseconds / 1000, "us")
        return padded("\((value * 10).rounded() / 10) \(unit)", 14)
    }

    /// To the right, or to the left if the width is negative.
    private static func padded(_ text: String, _ width: Int) -> String {
        let gap = String(repeating: " ", count: max(0, abs(width) - text.utf8.count))
        return width < 0 ? text + gap : gap + text
    }
}

/// Spreads operations over tasks that each perform one after the other.
func spread(_ count: Int, over tasks: Int, _ operation: @escaping @Sendable (_ number: Int) async throws -> Void)
    async throws
{
    try await withThrowingDiscardingTaskGroup { group in
        for first in 0..<min(count, tasks) {
            group.addTask {
                for number in stride(from: first, to: count, by: tasks) { try await operation(number) }
            }
        }
    }
}

/// Keeps the optimizer from leaving out what nobody looks at.
@inline(never)
func use<Value>(_ value: borrowing Value) {}
