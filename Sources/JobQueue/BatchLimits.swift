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
}
