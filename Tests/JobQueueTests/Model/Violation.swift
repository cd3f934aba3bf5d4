extension Model {
    /// What should never happen.
    enum Violation: CaseIterable {
        /// Clients could read two different ends.
        case twoWinners
        /// An end that could be read was left or replaced, by the server that had it.
        case endUndone
        /// A journal holds as confirmed what the server has not, or as lost what it has.
        case misled
        /// No entry, due time or lease leads to the job.
        case unreachable
        /// Nobody knows of the claim although nobody has crashed, and yet it will be counted as a crash.
        case orphan
        /// An accepted job that no fair steps can end.
        case lostJob
        /// An answer, or a call that runs, is given up although nobody has had the job since.
        case givenUp
        /// An answer that was journaled counts for nothing, and another was bought.
        case boughtAgain

        /// All but what a slow holder cannot help.
        static let promises = Set(allCases).subtracting([.boughtAgain])
        /// What a server can see to alone, whatever the one before it had.
        static let ofOneServer: Set<Violation> = [.endUndone, .misled, .unreachable, .lostJob]
    }
}

extension Model.State {
    /// What the step from `previous` to here broke. Lost jobs show only when all states are known.
    func violations(after previous: Model.State, _ rules: Model.Rules) -> Set<Model.Violation> {
        var broken: Set<Model.Violation> = []
        if let end = server.readable(rules), end != winner { broken.insert(.twoWinners) }
        if isEndUndone(previous, rules) { broken.insert(.endUndone) }
        if isMisled(rules) { broken.insert(.misled) }
        if isUnreachable { broken.insert(.unreachable) }
        if isOrphan { broken.insert(.orphan) }
        if isAnswerGivenUp(rules) || isCallGivenUp(previous) { broken.insert(.givenUp) }
        if isBoughtAgain { broken.insert(.boughtAgain) }
        return broken
    }
}
