/// What was decided about a call when it came in.
struct CallTicket: Sendable {
    /// Counts all calls of the pool; the identifiers come from it.
    let number: Int
    /// Its place in the log, when it carries a job's id.
    let record: Int?
    let decision: Decision
    let at: Int64
    let room: RateRoom
    let usage: AnswerUsage
    let answerBytes: Int

    /// The tokens that the call cost in the end. Without an answer an admitted call costs its prompt.
    func used(_ outcome: CallOutcome) -> Int {
        guard decision.isAdmitted else { return 0 }
        switch outcome {
        case .answered, .spoiled: return usage.charged
        case .refused, .reset, .clientAbort, .dropped: return usage.prompt - usage.cached
        }
    }
}
