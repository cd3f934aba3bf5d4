import JobFlow

/// The pool as a table for people. Pure.
enum EndpointTable {
    static func text(_ endpoints: [JSONObject]) -> String {
        TextTable.text(
            ["endpoint", "region", "tier", "status", "opens in", "in flight", "room", "tokens/min", "workers"],
            endpoints.map { endpoint in
                let capacity = endpoint["capacity"]?.object
                return [
                    endpoint["name"]?.string ?? "-", endpoint["region"]?.string ?? "-",
                    endpoint["tier"]?.string ?? "-", endpoint["status"]?.string ?? "-", opensIn(endpoint),
                    number(endpoint["inflight"]), number(capacity?["room_tokens"]),
                    number(capacity?["tokens_per_minute"]), number(capacity?["workers"]),
                ]
            })
    }

    private static func number(_ value: JSONValue?) -> String { value?.int.map(String.init) ?? "-" }

    /// The gate that opens last decides.
    private static func opensIn(_ endpoint: JSONObject) -> String {
        let gates = endpoint["gates"]?.object
        let waits = ["throttle", "health", "credentials"].compactMap {
            gates?[$0]?.object?["closed_for_seconds"]?.double
        }
        guard let wait = waits.max() else { return "-" }
        return wait > 0 ? "\(Int(wait.rounded(.up))) s" : "now"
    }
}
