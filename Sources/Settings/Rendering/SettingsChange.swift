import JobFlow

/// What another worker.json says otherwise.
package struct SettingsChange: Sendable, Equatable {
    /// The keys' paths, as errors name them.
    package let keys: [String]

    package init(from old: Settings, to new: Settings) {
        let (before, after) = (Self.values(old), Self.values(new))
        keys = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] || Self.differ($0, old, new) }
            .sorted()
    }

    /// Those that only a new process heeds.
    package var needingRestart: [String] { keys.filter { !Self.isLive($0) } }

    private static let live = [
        "pool.endpoints", "pool.connect_timeout", "retry.", "breaker.", "cache.", "queues.", "keys.", "log.level",
        "intake.max_body_bytes", "intake.wait_limit", "intake.spool_max_jobs",
    ]
    /// The queue itself was opened with them.
    private static let fixed = ["result_ttl", "max_length", "max_entries", "max_answer_bytes"]

    private static func isLive(_ key: String) -> Bool {
        live.contains { key.hasPrefix($0) } && !fixed.contains { key.hasSuffix($0) }
    }

    private static func values(_ settings: Settings) -> [String: String] {
        guard let object = try? JSONObject(parsing: Array(SettingsSummary(settings).json.utf8)) else { return [:] }
        var values: [String: String] = [:]
        collect(object, "", &values)
        return values
    }

    /// Secrets print alike.
    private static func differ(_ key: String, _ old: Settings, _ new: Settings) -> Bool {
        if key == "telemetry.otlp_headers" { return old.telemetry.otlpHeaders != new.telemetry.otlpHeaders }
        if key.hasPrefix("webhooks.secrets") { return old.webhooks.secrets != new.webhooks.secrets }
        guard key.hasSuffix(".api_key"), let index = Int(key.split { "[]".contains($0) }.dropFirst().first ?? "") else {
            return false
        }
        let (one, other) = (old.pool.endpoints, new.pool.endpoints)
        return one.indices.contains(index) && other.indices.contains(index) && one[index].apiKey != other[index].apiKey
    }

    private static func collect(_ object: JSONObject, _ path: String, _ values: inout [String: String]) {
        for (key, value) in object.members { collect(value, path.isEmpty ? key : "\(path).\(key)", &values) }
    }

    private static func collect(_ value: JSONValue, _ path: String, _ values: inout [String: String]) {
        if let object = value.object {
            collect(object, path, &values)
        } else if let array = value.array {
            for (index, element) in array.enumerated() { collect(element, "\(path)[\(index)]", &values) }
        } else {
            values[path] = String(decoding: value.raw, as: UTF8.self)
        }
    }
}
