extension Model {
    struct State: Hashable {
        var server = Server()
        /// What a restart of the server would bring back.
        var disk: Server?
        var processes = Party.allCases.map { _ in Process() }
        var stray: Stray?
        /// The intake's journal has the job.
        var isJournaled = false
        /// The client has read 202.
        var isAccepted = false
        /// The server that has confirmed the submission.
        var submittedTo: Int?
        /// Answers so far.
        var bought = 0
        var faultsLeft: Int
        var rollbacksLeft: Int
        /// The first end that a client could read.
        var winner: End?

        init(_ rules: Rules) {
            faultsLeft = rules.faults
            rollbacksLeft = rules.rollbacks
            // When somebody joined makes a difference only where that can be forgotten.
            guard rules.has(.durableMembers) else { return }
            server.members = .all
            server.present = server.members
        }
    }

    /// A request whose sender has given up on it, and that is executed all the same.
    enum Stray: Hashable {
        case claim(Name, round: Int)
        case settle(Row)
    }
}

extension Model.State {
    subscript(party: Model.Party) -> Model.Process {
        get { processes[party.rawValue] }
        set { processes[party.rawValue] = newValue }
    }

    func name(_ party: Model.Party) -> Model.Name { Model.Name(party: party, life: self[party].life) }
}
