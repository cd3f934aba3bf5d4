/// What is ever written to the journal, but for its clean-up.
enum JournalStatement: Int, CaseIterable, Sendable {
    case insertAttempt, insertNoted, renumber
    case insertSettlement, replaceSettlement, confirm, dismiss, forgetEnd, deleteSettlements
    case accept, queued, withdraw, forget, ended, reopen
    case rememberServer

    var sql: String {
        switch self {
        case .insertAttempt: AttemptRow.insert
        case .insertNoted: AttemptRow.insertNoted
        case .renumber: AttemptRow.renumber
        case .insertSettlement: SettlementRow.insert
        case .replaceSettlement: SettlementRow.replace
        case .confirm: SettlementRow.confirm
        case .dismiss: SettlementRow.dismiss
        case .forgetEnd: SettlementRow.forget
        case .deleteSettlements: SettlementRow.delete
        case .accept: AcceptedRow.insert
        case .queued: AcceptedRow.queued
        case .withdraw: AcceptedRow.withdraw
        case .forget: AcceptedRow.forget
        case .ended: AcceptedRow.ended
        case .reopen: AcceptedRow.reopen
        case .rememberServer: ServerRow.remember
        }
    }
}
