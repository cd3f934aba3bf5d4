import JobFlow

/// The strict scanner that every request and every answer passes.
enum JSONParts {
    static func measure(_ table: inout PartsTable) async throws {
        for kilobytes in [1, 100] {
            let text = Array(Answer.text(bytes: kilobytes << 10).utf8)
            try await table.measure("json: scan an answer, \(kilobytes) KB") { count in
                for _ in 0..<count { use(try JSONObject(parsing: text)) }
            }
        }
    }
}
