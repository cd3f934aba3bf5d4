/// Where a job is, and what the queue remembers of it between two claims.
struct JobProgress: Sendable {
    enum Phase: UInt8, Sendable {
        case expected, waiting, held, resting, ended
    }

    var phase = Phase.expected
    /// Rows in the ledger.
    var attempts: UInt16 = 0
    /// Attempts that counted.
    var spent: UInt16 = 0
    /// Rounds over the pool that ended in a wait.
    var rounds: UInt16 = 0
}
