import Glibc
import Synchronization

/// The system's randomness, asked for many numbers at a time: one system call for each costs more than the rest of an id.
/// Every number is given out once, so ids of several processes are as unlike as with the system's own generator.
package struct BulkRandom: RandomNumberGenerator, Sendable {
    fileprivate struct Stock {
        /// 256 bytes: no more is given at once; see getentropy(3).
        var numbers = [UInt64](repeating: 0, count: 32)
        /// Of them, so many from the start have not been given out.
        var left = 0
    }

    private static let stock = Mutex(Stock())

    package init() {}

    package func next() -> UInt64 {
        Self.stock.withLock { stock in
            if stock.left == 0 { stock.refill() }
            // The system's own generator tries until it has a number.
            guard stock.left > 0 else { return UInt64.random(in: .min ... .max) }
            stock.left -= 1
            return stock.numbers[stock.left]
        }
    }
}

extension BulkRandom.Stock {
    fileprivate mutating func refill() {
        let isFilled = unsafe numbers.withUnsafeMutableBytes { memory in
            unsafe memory.baseAddress.map { unsafe getentropy($0, memory.count) } == 0
        }
        left = isFilled ? numbers.count : 0
    }
}
