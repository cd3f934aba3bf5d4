import Hummingbird
import JobFlow
import Synchronization

/// `/health` for DNS, which may have another region to send requests to; `/readyz` for orchestrators, which have only this
/// one; `/livez` for those who restart programs.
final class HealthRoutes: Sendable {
    let readiness: @Sendable () async -> [String]
    /// An answer that takes longer is no.
    let timeout: Duration
    /// Whether jobs can be accepted while the queue is away.
    let canSpool: @Sendable () -> Bool
    private let wasWell = Atomic(false)

    init(
        readiness: @escaping @Sendable () async -> [String], timeout: Duration, canSpool: @escaping @Sendable () -> Bool
    ) {
        self.readiness = readiness
        self.timeout = timeout
        self.canSpool = canSpool
    }

    func health() async -> Response { Self.response(await reasons()) }

    /// An outage of the queue hits all intakes at once: were they not ready, nobody would accept anything. One that never
    /// was well may have a wrong address.
    func ready() async -> Response {
        let reasons = await reasons()
        return Self.response(wasWell.load(ordering: .relaxed) && canSpool() ? [] : reasons)
    }

    private static func response(_ reasons: [String]) -> Response {
        let bytes = JSONWriter.object { json in
            json.member("status", reasons.isEmpty ? "healthy" : "unhealthy")
            if !reasons.isEmpty {
                json.member("reasons", array: { list in for reason in reasons { list.element(reason) } })
            }
        }
        return .json(bytes, status: reasons.isEmpty ? .ok : .serviceUnavailable)
    }

    func alive() -> Response { .json(JSONWriter.object { $0.member("status", "alive") }) }

    private func reasons() async -> [String] {
        await withTaskGroup(of: [String]?.self) { group in
            group.addTask { [readiness] in await readiness() }
            group.addTask { [timeout] in
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            if first?.isEmpty == true { wasWell.store(true, ordering: .relaxed) }
            return first ?? ["the readiness check did not answer in time"]
        }
    }
}
