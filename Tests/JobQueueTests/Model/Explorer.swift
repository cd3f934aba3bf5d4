extension Model {
    /// Visits every reachable state, nearest first: the first trace to a violation is a shortest one.
    struct Explorer {
        private struct Arrival {
            let from: Int
            let step: Step
        }

        let rules: Rules
        private let steps: [Step]
        private(set) var states: [State] = []
        private var places: [State: Int] = [:]
        private var arrivals: [Arrival?] = []
        /// For each state, those from which a fair step leads to it.
        private var fairOrigins: [[Int]] = []

        init(_ rules: Rules) {
            self.rules = rules
            steps = Step.all(rules)
        }

        /// Returns the nearest violation of one of these kinds, or nil where there is none.
        mutating func search(for kinds: Set<Violation> = Violation.promises) -> Counterexample? {
            _ = place(State(rules), nil)
            var here = 0
            while here < states.count {
                if let found = visit(here, kinds) { return found }
                here += 1
            }
            return kinds.contains(.lostJob) ? lostJob() : nil
        }

        private mutating func visit(_ here: Int, _ kinds: Set<Violation>) -> Counterexample? {
            let state = states[here]
            for step in steps {
                guard let next = state.after(step, rules) else { continue }
                let there = place(next, Arrival(from: here, step: step))
                if step.isFair { fairOrigins[there].append(here) }
                let broken = next.violations(after: state, rules).intersection(kinds)
                if !broken.isEmpty { return Counterexample(violations: broken, trace: trace(to: here) + [step]) }
            }
            return nil
        }

        private mutating func place(_ state: State, _ arrival: Arrival?) -> Int {
            if let place = places[state] { return place }
            places[state] = states.count
            states.append(state)
            arrivals.append(arrival)
            fairOrigins.append([])
            return states.count - 1
        }

        /// An accepted job from where no fair steps lead to an end; found by walking back from the ends.
        private func lostJob() -> Counterexample? {
            var canEnd = states.map { $0.isOver(rules) }
            var open = canEnd.indices.filter { canEnd[$0] }
            while let there = open.popLast() {
                for origin in fairOrigins[there] where !canEnd[origin] {
                    canEnd[origin] = true
                    open.append(origin)
                }
            }
            let lost = states.indices.first { states[$0].isAccepted && !canEnd[$0] }
            return lost.map { Counterexample(violations: [.lostJob], trace: trace(to: $0)) }
        }

        private func trace(to place: Int) -> [Step] {
            var trace: [Step] = []
            var here = place
            while let arrival = arrivals[here] {
                trace.append(arrival.step)
                here = arrival.from
            }
            return trace.reversed()
        }
    }

    struct Counterexample: CustomStringConvertible {
        let violations: Set<Violation>
        let trace: [Step]

        var description: String {
            let steps = trace.enumerated().map { "\n  \($0 + 1). \($1)" }
            return violations.map { "\($0)" }.sorted().joined(separator: ", ") + " after" + steps.joined()
        }
    }
}
