/// The bounds of a `Batcher`.
struct BatchLimits: Sendable {
    /// Jobs in one script call; bounds how long Redis is held by one of them.
    var batch = 128
    /// Bytes in one script call; one job may be larger.
    var batchBytes = 4 << 20
    /// Script calls on their way at the same time.
    var underway = 2
    /// Calls that wait; beyond it they are refused with a retriable error.
    var waiting = 100_000
    /// The same in bytes.
    var waitingBytes = 256 << 20

    /// Cuts a list into parts of which each fits into one script call, in order.
    func parts<Item>(_ items: [Item], size: (Item) -> Int) -> [[Item]] {
        var parts: [[Item]] = []
        var bytes = 0
        for item in items {
            let more = size(item)
            if let count = parts.last?.count, count < batch, bytes + more <= batchBytes {
                parts[parts.count - 1].append(item)
                bytes += more
            } else {
                parts.append([item])
                bytes = more
            }
        }
        return parts
    }
}
