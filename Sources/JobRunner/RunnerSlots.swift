import JobFlow

/// How many jobs a worker holds, and whether it takes more. A value.
///
/// A job takes a slot for as long as it may call. While its end is written down the next one calls: otherwise the time that
/// takes would be lost to the pool, over and over.
struct RunnerSlots: Sendable, Equatable {
    /// Calls at once.
    let limit: Int
    private(set) var calling = 0
    /// Those whose end is being written among them.
    private(set) var held = 0
    private(set) var isDraining = false

    init(limit: Int) { self.limit = limit }

    /// Jobs that may be claimed now, given what the pool can start. A queue or a disk that is slow holds no more than `limit`
    /// ends up.
    func room(_ capacity: PoolCapacity) -> Int {
        isDraining ? 0 : min(limit - calling, limit * 2 - held, capacity.calls)
    }

    mutating func took(_ jobs: Int) {
        calling += jobs
        held += jobs
    }

    /// A job calls no more.
    mutating func called() { calling -= 1 }

    mutating func released() { held -= 1 }

    mutating func drain() { isDraining = true }
}
