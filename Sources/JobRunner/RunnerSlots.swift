package import JobFlow

/// How many jobs a worker holds, and whether it takes more. A value.
///
/// A job takes a slot for as long as it may call. While its end is written down the next one calls: otherwise the time that
/// takes would be lost to the pool, over and over. For the same reason as many are claimed ahead as will have a slot by the
/// time they are here; where calls take seconds, that is none.
package struct RunnerSlots: Sendable, Equatable {
    /// What a claim takes at load from the look at the slots to its first call, with some to spare: with 3 ms, slots waited for
    /// jobs (1 % of the calls at 50 ms each).
    static let claimTime = Duration.milliseconds(8)

    /// Calls at once.
    let limit: Int
    private(set) var calling = 0
    /// Claimed, and not calling yet.
    private(set) var waiting = 0
    /// All of them, and those whose end is being written.
    private(set) var held = 0
    private(set) var isDraining = false
    private var pace = SlotPace()

    package init(limit: Int) { self.limit = limit }

    /// Jobs that may be claimed now, given what the pool can start. A queue or a disk that is slow holds no more than `limit`
    /// ends up.
    package func room(_ capacity: PoolCapacity, at uptime: Duration = .zero) -> Int {
        guard !isDraining else { return 0 }
        let ahead = min(limit / 4, pace.expected(within: Self.claimTime, at: uptime))
        return max(0, min(limit + ahead - calling - waiting, limit * 2 - held, capacity.allCalls - waiting))
    }

    package mutating func took(_ jobs: Int) {
        waiting += jobs
        held += jobs
    }

    /// Whether a job that waits has a slot now.
    package mutating func enter() -> Bool {
        guard calling < limit else { return false }
        waiting -= 1
        calling += 1
        return true
    }

    /// A job gives up waiting.
    mutating func gaveUp() { waiting -= 1 }

    /// A job calls no more.
    package mutating func called(at uptime: Duration = .zero) {
        calling -= 1
        pace.ended(at: uptime)
    }

    package mutating func released() { held -= 1 }

    mutating func drain() { isDraining = true }
}

/// How fast slots become free, by the last few that did. A value.
struct SlotPace: Sendable, Equatable {
    private static let memory = 32

    private var ends: [Duration] = []
    private var oldest = 0

    mutating func ended(at uptime: Duration) {
        if ends.count < Self.memory { return ends.append(uptime) }
        ends[oldest] = uptime
        oldest = (oldest + 1) % Self.memory
    }

    /// How many slots become free in so long a time, if it goes on like this.
    func expected(within time: Duration, at uptime: Duration) -> Int {
        guard ends.count == Self.memory else { return 0 }
        let passed = max(uptime - ends[oldest], .microseconds(1))
        return Int(Double(Self.memory) * (time / passed))
    }
}
