import JobFlow

/// Which ledger rows and which calls of the simulator are the same. Pure.
///
/// A row with the request id of an answer is the call that was given this id. A row without one (its call was closed, reset,
/// or timed out) is a call at the same endpoint that was made for the row of that number; if several are, first the one that
/// was not answered.
struct LedgerMatch: Sendable {
    /// Rows that claim an answer which the simulator never gave, or gave otherwise.
    private(set) var invented: [Attempt] = []
    /// Rows of calls that were closed before the simulator saw them: nobody says that it did.
    private(set) var unseen: [Attempt] = []
    /// Calls that were answered and paid for, while their rows say that no answer came: closed, timed out, connection lost.
    private(set) var unheard: [SimulatedCall] = []
    /// Calls without a row.
    private(set) var calls: [SimulatedCall]

    init(_ rows: [Attempt], _ calls: [SimulatedCall]) {
        self.calls = calls
        // Rows of claims that ended without a call of their own name no endpoint.
        let rows = rows.filter { !$0.endpoint.isEmpty }
        for row in rows where row.upstreamRequestID != nil { matchByID(row) }
        for row in rows where row.upstreamRequestID == nil { matchByPlace(row) }
    }

    private mutating func matchByID(_ row: Attempt) {
        guard let index = calls.firstIndex(where: { $0.requestID == row.upstreamRequestID }) else {
            return invented.append(row)
        }
        let call = calls.remove(at: index)
        if call.endpoint != row.endpoint || call.status != row.statusCode { invented.append(row) }
    }

    private mutating func matchByPlace(_ row: Attempt) {
        let fitting = calls.indices.filter { calls[$0].endpoint == row.endpoint && calls[$0].attempt == row.number }
        guard let index = fitting.first(where: { !calls[$0].isPaid }) ?? fitting.first else {
            if row.statusCode == nil { unseen.append(row) } else { invented.append(row) }
            return
        }
        let call = calls.remove(at: index)
        if call.isPaid { unheard.append(call) }
    }
}
