extension Model {
    /// What Redis holds of the job.
    struct Server: Hashable {
        enum Standing: Hashable { case queued, inProgress, scheduled, ended(End) }
        enum Lease { case none, valid, expired }

        struct Record: Hashable {
            var standing = Standing.queued
            var epoch = 0
            /// Who claimed it last, while nothing has come of that.
            var owner: Name?
            var lease = Lease.none
            var settled: Token?
            var crashes = 0

            var end: End? { if case .ended(let end) = standing { end } else { nil } }
        }

        /// The last round of a worker that was answered, and with what.
        struct Answered: Hashable {
            let round: Int
            let claim: Token?
        }

        var identity = 0
        var record: Record?
        /// Stream entries of the job; those that its record does not call for are ghosts.
        var entries = 0
        var isDue = false
        var answered = Party.allCases.map { _ in Answered?.none }
        /// Whose journals there are, and which of them this server has been told.
        var members = Parties(.intake)
        var present = Parties(.intake)
    }
}

extension Model.Server {
    func isOpen(_ rules: Model.Rules) -> Bool {
        guard rules.has(.wholeGate) else { return true }
        return present.union(rules.has(.intakeGate) ? [] : Model.Parties(.intake)).isSuperset(of: members)
    }

    func admits(_ party: Model.Party, _ rules: Model.Rules) -> Bool {
        isOpen(rules) && (!rules.has(.gate) || present.contains(Model.Parties(party)))
    }

    /// The end that a client who asks now is told.
    func readable(_ rules: Model.Rules) -> Model.End? {
        rules.has(.closedReads) && !isOpen(rules) ? nil : record?.end
    }

    mutating func submit() {
        guard record == nil else { return }
        record = Record()
        entries += 1
    }

    /// This server, come back with what the disk has.
    func restarted(from disk: Model.Server, _ rules: Model.Rules) -> Model.Server {
        var server = disk
        server.identity = identity + 1
        server.present = []
        if rules.has(.durableMembers) { server.members = members }
        return server
    }
}
