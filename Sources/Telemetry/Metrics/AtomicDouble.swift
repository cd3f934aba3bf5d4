import Synchronization

/// A floating-point number that threads may set and add to without a lock.
final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }

    func set(_ value: Double) { bits.store(value.bitPattern, ordering: .relaxed) }

    func add(_ amount: Double) {
        var seen = bits.load(ordering: .relaxed)
        while true {
            let sum = (Double(bitPattern: seen) + amount).bitPattern
            let result = bits.weakCompareExchange(expected: seen, desired: sum, ordering: .relaxed)
            if result.exchanged { return }
            seen = result.original
        }
    }
}
