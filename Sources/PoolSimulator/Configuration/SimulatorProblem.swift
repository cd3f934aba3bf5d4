/// A scenario or an admin body that cannot be used: which member, and what is allowed there.
package struct SimulatorProblem: Error, Sendable, Equatable, CustomStringConvertible {
    /// Such as `endpoints[1].latency_ms`; empty when the whole text is meant.
    package let path: String
    package let reason: String

    package init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}
