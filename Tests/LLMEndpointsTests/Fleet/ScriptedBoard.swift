import JobFlow
import Synchronization
import TestKit

/// A board that answers as the test says, and keeps the reports.
final class ScriptedBoard: PoolBoard {
    typealias Answer = @Sendable (PoolReport) throws(StoreError) -> PoolStanding

    private struct State {
        var reports: [PoolReport] = []
        var answer: Answer = ScriptedBoard.allWell
        var onChange: (@Sendable (EndpointStanding) -> Void)?
    }

    static let allWell: Answer = { report throws(StoreError) in well(report) }

    private let state = Mutex(State())

    var reports: [PoolReport] { state.withLock { $0.reports } }

    func set(_ answer: @escaping Answer) { state.withLock { $0.answer = answer } }

    static func well(_ report: PoolReport) -> PoolStanding {
        PoolStanding(endpoints: report.endpoints.map { EndpointStanding(endpoint: $0.endpoint) }, retryAllowance: 10)
    }

    /// Returns as soon as that can be said of the reports.
    func reached(_ isReached: ([PoolReport]) -> Bool, asking: () -> Void = {}) async {
        while !isReached(reports), !Task.isCancelled {
            asking()
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    func reached(_ count: Int, asking: () -> Void = {}) async { await reached({ $0.count >= count }, asking: asking) }

    /// As soon as somebody listens.
    func announce(_ standing: EndpointStanding) async {
        while !Task.isCancelled {
            if let onChange = state.withLock({ $0.onChange }) { return onChange(standing) }
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding {
        let answer = state.withLock { state in
            state.reports.append(report)
            return state.answer
        }
        return try answer(report)
    }

    func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding] { [] }

    func usage(hours: Int) async throws(StoreError) -> [TokenUse] { [] }

    func drain(_ endpoint: String, _ isDrained: Bool) async throws(StoreError) {}

    func listen(onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void) async {
        state.withLock { $0.onChange = onChange }
        onGap()
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(60)) }
    }
}
