/// One call that carried a job's id.
struct CallRecord: Sendable {
    private static let longestText = 256

    /// Counts all calls of the pool; the identifiers that the client was told come from it.
    let number: Int
    let job: String
    /// The endpoint that was asked, and the one that took the call over when the first had no room.
    let endpoint: Int
    let servedBy: Int
    let attempt: String?
    let correlationID: String?
    /// Microseconds since the simulator started.
    let at: Int64
    /// `nil` while the call is open.
    var outcome: CallOutcome?

    /// Texts of clients are cut, so that a record's size has a bound.
    init(
        number: Int, job: String, endpoint: Int, servedBy: Int, attempt: String?, correlationID: String?, at: Int64
    ) {
        self.number = number
        self.job = Self.cut(job)
        self.endpoint = endpoint
        self.servedBy = servedBy
        self.attempt = attempt.map(Self.cut)
        self.correlationID = correlationID.map(Self.cut)
        self.at = at
    }

    static func cut(_ text: String) -> String {
        text.utf8.count <= longestText ? text : String(decoding: text.utf8.prefix(longestText), as: UTF8.self)
    }
}
