import JobFlow

/// How many jobs a worker holds, and whether it takes more. A value.
struct RunnerSlots: Sendable, Equatable {
    let limit: Int
    private(set) var held = 0
    private(set) var isDraining = false

    init(limit: Int) { self.limit = limit }

    /// Jobs that may be claimed now, given what the pool can start.
    func room(_ capacity: PoolCapacity) -> Int {
        isDraining ? 0 : min(limit - held, capacity.calls)
    }

    var isFull: Bool { held >= limit }

    mutating func took(_ jobs: Int) { held += jobs }

    mutating func released() { held -= 1 }

    mutating func drain() { isDraining = true }
}
