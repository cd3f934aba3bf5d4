extension Model {
    /// What is explored: the rules that hold, and how much may go wrong.
    struct Rules: Hashable {
        var guards = Guards.all
        /// How many faults there are at most, in any order.
        var faults: Int
        var kinds = Faults.all
        /// How often the server comes back without its last writes.
        var rollbacks = 0
        /// Leases that may run out before the job is buried.
        var poison = 2

        func has(_ guards: Guards) -> Bool { self.guards.rawValue & guards.rawValue == guards.rawValue }
    }

    /// What goes wrong, or at least against the job's progress.
    struct Faults: OptionSet, Hashable {
        let rawValue: Int

        static let crash = Faults(rawValue: 1 << 0)
        /// A request is executed, but its sender does not learn that.
        static let lostReply = Faults(rawValue: 1 << 1)
        /// A request is executed after its sender has sent it again.
        static let stray = Faults(rawValue: 1 << 2)
        /// A holder is suspended, or slow, for longer than its lease.
        static let suspension = Faults(rawValue: 1 << 3)
        /// The upstream refuses the call for now.
        static let retry = Faults(rawValue: 1 << 4)
        static let cancel = Faults(rawValue: 1 << 5)

        static let all = Faults(rawValue: 1 << 6 - 1)
    }
}
