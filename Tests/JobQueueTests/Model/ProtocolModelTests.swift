import Testing

/// Every state that one job, two workers, an intake and a server can get into, and every order of what happens to them.
/// One test at a time: those of the live queue run in the same process, and need a thread too.
@Suite(.serialized) struct `The protocol of one job` {
    @Test(arguments: [
        Model.Rules(faults: 2),
        Model.Rules(faults: 3, kinds: .all.subtracting(.cancel)),
        Model.Rules(faults: 1, rollbacks: 1),
        Model.Rules(faults: 2, kinds: [.suspension, .lostReply], rollbacks: 1),
        Model.Rules(faults: 2, kinds: [.cancel, .lostReply], rollbacks: 1),
        Model.Rules(faults: 2, kinds: [.crash, .lostReply, .retry], rollbacks: 1),
        Model.Rules(faults: 0, rollbacks: 2),
    ])
    func `keeps every promise, whatever goes wrong`(rules: Model.Rules) {
        var explorer = Model.Explorer(rules)
        if let found = explorer.search() { Issue.record("\(found)") }
    }

    @Test(arguments: Mutation.claims + Mutation.journals + Mutation.reconciling)
    func `breaks without any one of its rules`(mutation: Mutation) {
        var explorer = Model.Explorer(mutation.rules)
        #expect(explorer.search(for: [mutation.violation]) != nil)
    }

    @Test func `reaches every end, and ends over lost writes`() {
        var explorer = Model.Explorer(Model.Rules(faults: 1, rollbacks: 1, poison: 1))
        if let found = explorer.search() { Issue.record("\(found)") }
        let winners = Set(explorer.states.filter { $0.server.identity == 1 }.map(\.winner))
        #expect(winners.isSuperset(of: [nil, .completed(1), .completed(2), .failed, .cancelled]))
    }

    /// What is left where each journal is reconciled by itself, or an operator gives one up.
    @Suite struct `without waiting for every journal` {
        private func explorer(without guards: Model.Guards, rollbacks: Int) -> Model.Explorer {
            Model.Explorer(Model.Rules(guards: .all.subtracting(guards), faults: 1, rollbacks: rollbacks))
        }

        @Test func `keeps every promise while no writes are lost`() {
            var explorer = explorer(without: .overLostWrites, rollbacks: 0)
            if let found = explorer.search() { Issue.record("\(found)") }
        }

        @Test(arguments: [Model.Guards.wholeGate, .overLostWrites])
        func `has one end on each server`(guards: Model.Guards) {
            var explorer = explorer(without: guards, rollbacks: 1)
            if let found = explorer.search(for: Model.Violation.ofOneServer) { Issue.record("\(found)") }
        }

        @Test func `hands an epoch out twice, and tells the two by their owners`() {
            var explorer = explorer(without: [.wholeGate, .owner], rollbacks: 1)
            #expect(explorer.search(for: [.misled]) != nil)
        }
    }

    @Suite struct `buys an answer twice` {
        @Test(arguments: [Model.Faults.crash, .suspension, .cancel])
        func `when a lease ends before the first can be settled`(kinds: Model.Faults) {
            var explorer = Model.Explorer(Model.Rules(faults: 1, kinds: kinds))
            #expect(explorer.search(for: [.boughtAgain]) != nil)
        }

        @Test func `but not when replies or writes are lost`() {
            let kinds: Model.Faults = [.lostReply, .stray, .retry]
            var explorer = Model.Explorer(Model.Rules(faults: 2, kinds: kinds, rollbacks: 1))
            if let found = explorer.search(for: [.boughtAgain]) { Issue.record("\(found)") }
        }
    }
}
