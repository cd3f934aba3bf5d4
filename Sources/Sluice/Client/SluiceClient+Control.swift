import JobFlow

/// What operators ask of the intake.
extension SluiceClient {
    func cancel(_ id: String) async throws -> JSONObject { try await object("POST", path(of: id) + "/cancel") }

    func retry(_ id: String) async throws -> JSONObject { try await object("POST", path(of: id) + "/retry") }

    func delete(_ id: String) async throws -> JSONObject { try await object("DELETE", path(of: id)) }

    func jobs(_ filter: JobFilter, limit: Int, after: String?) async throws -> JSONObject {
        try await object("GET", "/v1/jobs?" + filter.query(limit: limit, after: after))
    }

    func deadWebhooks(limit: Int, after: String?) async throws -> JSONObject {
        let rest = after.map { "&after=" + PercentCoding.encode($0) } ?? ""
        return try await object("GET", "/v1/webhooks/dead?limit=\(limit)" + rest)
    }

    func retryWebhook(_ id: String) async throws -> JSONObject {
        try await object("POST", path(ofWebhook: id) + "/retry")
    }

    func deleteWebhook(_ id: String) async throws -> JSONObject { try await object("DELETE", path(ofWebhook: id)) }

    private func path(ofWebhook id: String) -> String { "/v1/webhooks/dead/\(PercentCoding.encode(id))" }

    func queues() async throws -> [JSONObject] {
        try await object("GET", "/v1/queues")["data"]?.array?.compactMap(\.object) ?? []
    }

    func endpoints() async throws -> [JSONObject] {
        try await object("GET", "/v1/endpoints")["data"]?.array?.compactMap(\.object) ?? []
    }

    func drain(_ endpoint: String, _ isDrained: Bool) async throws -> JSONObject {
        try await object(
            "POST", "/v1/endpoints/\(PercentCoding.encode(endpoint))/\(isDrained ? "drain" : "undrain")")
    }

    func usage(hours: Int) async throws -> [JSONObject] {
        try await object("GET", "/v1/usage?hours=\(hours)")["data"]?.array?.compactMap(\.object) ?? []
    }

    func pause(_ queue: String) async throws -> JSONObject {
        try await object("POST", "/v1/queues/\(PercentCoding.encode(queue))/pause")
    }

    func resume(_ queue: String) async throws -> JSONObject {
        try await object("POST", "/v1/queues/\(PercentCoding.encode(queue))/resume")
    }

    private func path(of id: String) -> String { "/v1/jobs/\(PercentCoding.encode(id))" }
}
