import JobFlow

/// The calls that wait for a batch, in order. A value: the `Batcher` performs what it says. `Waiter` is who is told.
struct BatchLine<Item: Sendable, Waiter: Sendable>: Sendable {
    struct Call: Sendable {
        var item: Item
        var bytes: Int
        /// Counts all calls that ever came.
        var number: Int
        var waiter: Waiter
    }

    struct Batch: Sendable {
        var calls: [Call]
        /// The last call that had come when this batch was sent.
        var horizon: Int
    }

    private let limits: BatchLimits
    private var waiting: [Call] = []
    private var waitingBytes = 0
    private var underway = 0
    private var lastNumber = 0
    private var isClosed = false

    init(_ limits: BatchLimits) { self.limits = limits }

    /// Returns why the call cannot wait here, or nil if it does.
    mutating func enter(_ item: Item, bytes: Int, _ waiter: Waiter) -> StoreError? {
        if isClosed { return StoreError(.unavailable, "the queue client has stopped") }
        if waiting.count >= limits.waiting || waitingBytes >= limits.waitingBytes {
            return StoreError(.unavailable, "too many calls wait for the queue")
        }
        lastNumber += 1
        waitingBytes += bytes
        waiting.append(Call(item: item, bytes: bytes, number: lastNumber, waiter: waiter))
        return nil
    }

    mutating func nextBatch() -> Batch? {
        guard !waiting.isEmpty, underway < limits.underway else { return nil }
        underway += 1
        var bytes = 0
        let fitting = waiting.prefix(limits.batch).prefix { call in
            defer { bytes += call.bytes }
            return bytes == 0 || bytes + call.bytes <= limits.batchBytes
        }
        return Batch(calls: remove(max(1, fitting.count)), horizon: lastNumber)
    }

    mutating func ended() { underway -= 1 }

    /// Whoever came before the failed batch was sent has waited as long as that batch did. Returns those calls, to be told
    /// the same: while Redis is away, nobody waits for more than the batches of others to fail.
    mutating func failed(_ batch: Batch, _ error: StoreError) -> [Call] {
        underway -= 1
        guard error.isRetriable else { return [] }
        return remove(waiting.prefix { $0.number <= batch.horizon }.count)
    }

    /// Takes no more calls; returns those that waited.
    mutating func close() -> [Call] {
        isClosed = true
        return remove(waiting.count)
    }

    private mutating func remove(_ count: Int) -> [Call] {
        let calls = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        waitingBytes -= calls.reduce(0) { $0 + $1.bytes }
        return calls
    }
}
