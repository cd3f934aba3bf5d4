import Hummingbird
import JobFlow

/// `/health` and `/readyz` for those who route requests, `/livez` for those who restart programs.
struct HealthRoutes: Sendable {
    let readiness: @Sendable () async -> [String]
    /// An answer that takes longer is no.
    let timeout: Duration

    func health() async -> Response {
        let reasons = await reasons()
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
            group.addTask { await readiness() }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first ?? ["the readiness check did not answer in time"]
        }
    }
}
