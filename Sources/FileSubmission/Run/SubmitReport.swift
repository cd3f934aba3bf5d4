/// What is said at the end. Pure.
package struct SubmitReport: Sendable {
    let tally: SubmitTally
    let rejections: [LineRejection]
    let state: String?

    package init(tally: SubmitTally, rejections: [LineRejection], state: String?) {
        (self.tally, self.rejections, self.state) = (tally, rejections, state)
    }

    package func lines(wasInterrupted: Bool = false, wasDone: Bool = false) -> [String] {
        var lines = rejections.map { "line \($0.line) rejected: \($0.message) (\($0.code))" }
        let more = tally.rejected - rejections.count
        if more > 0, !rejections.isEmpty { lines.append("and \(more) more lines rejected") }
        if let retried = tally.mostRetried {
            lines.append("retried: \(retried.id) took \(retried.attempts) attempts")
        }
        lines.append(summary)
        if wasInterrupted { lines.append(continuation) }
        if wasDone, let state { lines.append("nothing was left to do; remove \(state) to submit all of it again") }
        return lines
    }

    private var summary: String {
        let submitted = "\(tally.submitted) of \(tally.total) submitted"
        let rejected = "\(tally.rejected) rejected"
        guard tally.waits else { return "\(submitted), \(rejected)" }
        return "\(submitted), \(tally.completed) completed, \(tally.failed) failed, \(rejected)"
    }

    private var continuation: String {
        guard let state else {
            return
                "not finished, and it cannot be gone on with: give --output FILE with --wait, or --state FILE, next time"
        }
        return "not finished; the same command goes on from here (\(state))"
    }
}
