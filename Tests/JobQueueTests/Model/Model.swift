/// One job, everybody who keeps a journal, and the server between them, as values whose reachable states can all be
/// visited.
///
/// A process that is suspended, or dead, or whose answers come late, needs no state of its own: it takes no step for a
/// while. Left out are records that expire (they have to outlive every submission that may be sent again) and operators
/// who run a failed job again (that has to count up its epoch).
enum Model {
    /// Who keeps a journal that survives a crash.
    enum Party: Int, CaseIterable {
        case intake, first, second

        static let workers: [Party] = [.first, .second]
    }

    struct Parties: OptionSet, Hashable {
        let rawValue: Int

        init(rawValue: Int) { self.rawValue = rawValue }
        init(_ party: Party) { rawValue = 1 << party.rawValue }

        static let all = Parties(rawValue: 1 << Party.allCases.count - 1)
    }

    /// A process that comes back after a crash has a new name.
    struct Name: Hashable {
        let party: Party
        let life: Int
    }

    /// What a claim is known by.
    struct Token: Hashable {
        let epoch: Int
        let owner: Name
    }

    /// How a job ended. Answers are told apart by the call that bought them.
    enum End: Hashable { case completed(Int), failed, cancelled }

    enum Verdict: Hashable { case ended(End), retry }

    /// An outcome in a journal.
    struct Row: Hashable {
        enum Standing { case open, confirmed, lost }

        let token: Token
        let verdict: Verdict
        var standing = Standing.open
        /// The server that has last heard of it.
        var server: Int

        /// A client may have read it.
        var isConfirmedEnd: Bool { standing == .confirmed && verdict != .retry }

        var isAnswer: Bool { if case .ended(.completed) = verdict { true } else { false } }
    }

    /// A claim in the memory of its holder.
    struct Run: Hashable {
        let token: Token
        /// The job has cost too many leases: it is ended without a call.
        let isPoison: Bool
        var server: Int
    }

    struct Process: Hashable {
        var life = 0
        var run: Run?
        var rows: [Row] = []
        var round = 0
        /// Round `round` has not been answered yet.
        var isWaiting = false
    }
}
