/// A call that the pool has begun.
struct CallTicket: Sendable {
    /// Counts all calls of the pool; the identifiers come from it.
    let number: Int
    /// Its place in the log, when it carries a job's id.
    let record: Int?
    let at: Int64
    let routed: RoutedCall

    var fate: CallFate { routed.fate }
}
