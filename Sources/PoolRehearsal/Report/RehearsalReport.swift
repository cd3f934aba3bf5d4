/// What came of a rehearsal, up to the virtual time of the report.
package struct RehearsalReport: Sendable, Equatable {
    package struct Endpoint: Sendable, Equatable {
        package var name: String
        /// Paid by the hour, used or not.
        package var isPrepaid: Bool
        /// Paid by the token while another endpoint is paid already.
        package var costsExtra: Bool
        package var calls: Int
        package var answered: Int
        package var throttled: Int
        package var failed: Int
        /// Calls that began while it was dark.
        package var callsWhileDark: Int
        /// Of answers.
        package var promptTokens: Int
        package var completionTokens: Int
        /// As its bucket counts them.
        package var weightedTokens: Int
        /// What its bucket could have passed on in the time; 0 where it has none.
        package var capacityTokens: Double

        /// The share of its capacity that was used; nil where it has no bucket.
        package var utilisation: Double? { capacityTokens > 0 ? Double(weightedTokens) / capacityTokens : nil }
    }

    /// Virtual time of the report; where everything has ended, when the last job did.
    package var time: Duration
    package var isDone: Bool
    package var completed: Int
    package var expired: Int
    /// By the code of the error.
    package var failed: [String: Int]
    /// Calls that repeated one that counted.
    package var retries: Int
    package var deadlinesMissed: Int
    package var endpoints: [Endpoint]
    /// Time in the system of the completed jobs.
    package var p50: Duration
    package var p95: Duration

    package var calls: Int { endpoints.reduce(0) { $0 + $1.calls } }
    package var throttled: Int { endpoints.reduce(0) { $0 + $1.throttled } }
    package var callsWhileDark: Int { endpoints.reduce(0) { $0 + $1.callsWhileDark } }
    package var failures: Int { failed.values.reduce(0, +) }

    package typealias Answers = (answered: Int, promptTokens: Int, completionTokens: Int)

    /// By endpoints that cost extra.
    package var spilled: Answers { answers(of: endpoints.filter(\.costsExtra)) }
    /// By endpoints that are paid by the token.
    package var paid: Answers { answers(of: endpoints.filter { !$0.isPrepaid }) }

    private func answers(of endpoints: [Endpoint]) -> Answers {
        endpoints.reduce(into: (0, 0, 0)) {
            $0 = ($0.0 + $1.answered, $0.1 + $1.promptTokens, $0.2 + $1.completionTokens)
        }
    }

    /// Of all endpoints with a bucket together.
    package var utilisation: Double? {
        let capacity = endpoints.reduce(0) { $0 + $1.capacityTokens }
        let used = endpoints.filter { $0.capacityTokens > 0 }.reduce(0) { $0 + $1.weightedTokens }
        return capacity > 0 ? Double(used) / capacity : nil
    }
}
