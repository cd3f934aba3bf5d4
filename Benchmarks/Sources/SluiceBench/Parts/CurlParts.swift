import Curl

/// The curl loop: many requests at once to an upstream that answers at once.
enum CurlParts {
    static func measure(_ table: inout PartsTable, _ upstream: String) async throws {
        guard table.wants("curl") else { return }
        let client = try CurlClient()
        defer { client.shutdown() }
        let request = CurlRequest(
            url: upstream, headers: [("Content-Type", "application/json")],
            body: Array(Prompt.text(1, bytes: 1024).utf8))
        for concurrency in [64, 256, 1024] {
            try await table.measure("curl: post 1 KB, \(concurrency) at once") { count in
                try await spread(count, over: concurrency) { _ in use(try await client.send(request)) }
            }
        }
    }
}
