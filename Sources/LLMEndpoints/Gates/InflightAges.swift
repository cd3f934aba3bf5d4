import JobFlow

/// How long the calls under way have been under way: counts by the eighth of a second in which they began, for the last
/// seconds. A value of fixed size, without storage of its own elsewhere: gates are copied at each call.
struct InflightAges: Sendable {
    private static let step: Int64 = 125
    private static let steps: Int64 = 64

    private var counts = InlineArray<64, Int32>(repeating: 0)
    /// Began before the oldest step.
    private var older = 0
    /// Of the newest count.
    private var newest: Int64 = 0

    mutating func began(at start: Timestamp) {
        advance(to: start)
        change(start, by: 1)
    }

    mutating func ended(begunAt start: Timestamp) { change(start, by: -1) }

    /// Calls that began at least so long ago, to a step.
    func olderThan(_ age: Duration, at now: Timestamp) -> Int {
        let last = min((now.milliseconds - age.wholeMilliseconds) / Self.step - 1, newest)
        let first = max(newest - Self.steps + 1, 0)
        guard last >= first else { return older }
        return older + (first...last).reduce(0) { $0 + Int(counts[Int($1 % Self.steps)]) }
    }

    private mutating func advance(to now: Timestamp) {
        let step = now.milliseconds / Self.step
        guard step > newest else { return }
        for passed in max(newest + 1, step - Self.steps + 1)...step {
            let index = Int(passed % Self.steps)
            older += Int(counts[index])
            counts[index] = 0
        }
        newest = step
    }

    private mutating func change(_ start: Timestamp, by count: Int) {
        let step = start.milliseconds / Self.step
        if step > newest - Self.steps, step <= newest, step >= 0 {
            counts[Int(step % Self.steps)] += Int32(count)
        } else {
            older += count
        }
    }
}

extension InflightAges: Equatable {
    static func == (one: Self, other: Self) -> Bool {
        one.older == other.older && one.newest == other.newest
            && one.counts.indices.allSatisfy { one.counts[$0] == other.counts[$0] }
    }
}
