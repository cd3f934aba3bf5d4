/// How a call ended, as the simulator saw it.
package enum CallOutcome: Sendable, Equatable {
    /// A whole answer was sent.
    case answered
    /// A 200 that a client must not take for an answer.
    case spoiled(AnswerFault)
    /// Any other status was sent.
    case refused(status: Int)
    case reset
    /// The client went away before it had its answer.
    case clientAbort
    /// A hanging call whose connection the simulator closed because it stops.
    case dropped

    package var status: Int? {
        switch self {
        case .answered, .spoiled: 200
        case .refused(let status): status
        case .reset, .clientAbort, .dropped: nil
        }
    }

    var name: String {
        switch self {
        case .answered: "answered"
        case .spoiled(.garbage): "garbage"
        case .spoiled(.truncated): "truncated"
        case .spoiled(.errorInStream): "error_in_stream"
        case .refused: "refused"
        case .reset: "reset"
        case .clientAbort: "client_abort"
        case .dropped: "dropped"
        }
    }
}
