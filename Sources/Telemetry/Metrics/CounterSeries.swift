import CoreMetrics
import Synchronization

/// A number that only grows. Whole and broken amounts are kept apart, so that counting stays exact and lock-free.
final class CounterSeries: CounterHandler, FloatingPointCounterHandler {
    private let whole = Atomic<Int64>(0)
    private let fraction = AtomicDouble()

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        // Wraps after 292 years of a thousand million a second.
        whole.wrappingAdd(amount, ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fraction.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fraction.set(0)
    }

    var text: String {
        let broken = fraction.value
        let count = whole.load(ordering: .relaxed)
        return broken == 0 ? String(count) : SampleValue.text(Double(count) + broken)
    }
}
