extension Model {
    /// What becomes of a request.
    enum Delivery: CaseIterable { case answered, replyLost, stray }

    /// What one of them does at once.
    enum Step: Hashable {
        case accept
        case submit(Delivery)
        case claim(Party, Delivery)
        case renew(Party)
        /// The holder has an outcome, and commits it to its journal.
        case finish(Party)
        case retry(Party)
        /// The open rows of a journal may be settled in any order.
        case settle(Party, open: Int, Delivery)
        case cancel(Delivery)
        case crash(Party)
        /// A lease ends that nobody can renew.
        case leaseEnds
        /// A lease ends that somebody could have renewed.
        case suspension
        case takeBack
        case promote
        case strayArrives
        case saveToDisk
        case loseWrites
        case restore(Party, Delivery)
        case arrive(Party)
    }
}

extension Model.Step {
    var fault: Model.Faults? {
        switch self {
        case .submit(let delivery), .claim(_, let delivery), .settle(_, _, let delivery), .restore(_, let delivery):
            delivery.fault
        case .retry: .retry
        case .cancel: .cancel
        case .crash: .crash
        case .suspension: .suspension
        case .accept, .renew, .finish, .leaseEnds, .takeBack, .promote, .strayArrives, .arrive: nil
        case .saveToDisk, .loseWrites: nil
        }
    }

    /// Whether the job's progress may count on this step.
    var isFair: Bool { fault == nil && self != .saveToDisk && self != .loseWrites }

    /// Every step that there can be.
    static func all(_ rules: Model.Rules) -> [Model.Step] {
        let everybody = Model.Party.allCases
        var steps: [Model.Step] = [.accept, .leaseEnds, .suspension, .takeBack, .promote, .strayArrives]
        if rules.rollbacks > 0 { steps += [.saveToDisk, .loseWrites] }
        steps += everybody.flatMap { [.renew($0), .finish($0), .crash($0), .arrive($0)] }
        steps += Model.Party.workers.map { .retry($0) }
        for delivery in Model.Delivery.allCases {
            steps += Model.Party.workers.map { .claim($0, delivery) }
            steps += everybody.flatMap { party in (0..<3).map { .settle(party, open: $0, delivery) } }
            // A submission, a cancellation or a restored outcome that is late is as good as one that is sent late.
            guard delivery != .stray else { continue }
            steps += [.submit(delivery), .cancel(delivery)]
            steps += everybody.map { .restore($0, delivery) }
        }
        return steps.filter { $0.fault.map(rules.kinds.contains) ?? true }
    }
}

extension Model.Delivery {
    fileprivate var fault: Model.Faults? {
        switch self {
        case .answered: nil
        case .replyLost: .lostReply
        case .stray: .stray
        }
    }
}
