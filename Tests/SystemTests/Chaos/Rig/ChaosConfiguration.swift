import Foundation

/// The files that a chaos run starts from.
struct ChaosConfiguration: Sendable {
    static let endpoints = ["eastus-ptu", "westeurope-ptu", "eastus-standard"]

    var redis: Int
    var intake: String
    var simulator: String
    var lease: Duration

    /// Short waits, so that a round sees many of them; budgets so large that faults of ours bury no job.
    var workerJSON: String {
        """
        {"redis":{"url":"redis://127.0.0.1:\(redis)/0"},
         "intake":{"listen":"\(intake)"},
         "worker":{"listen":"127.0.0.1:0","processes":2,"concurrency":64,"lease":"\(lease.components.seconds)s",
                   "drain":"5s"},
         "pool":{"connect_timeout":"2s","endpoints":[\(Self.endpoints.map(endpoint).joined(separator: ",\n"))]},
         "retry":{"max_attempts":30,"base_delay":"100ms","max_delay":"2s"},
         "breaker":{"failure_threshold":5,"cooldown":"1s"},
         "audit":{"path":"audit/audit.sqlite"},
         "log":{"level":"info","format":"json"}}
        """
    }

    private func endpoint(_ name: String) -> String {
        """
        {"name":"\(name)","url":"http://\(simulator)/\(name)","deployment":"gpt-4o","model":"gpt-4o",
         "api_version":"2024-10-21","region":"\(name.prefix { $0 != "-" })","api_key":"simulator","timeout":"5s"}
        """
    }

    /// An ordinary day of the pool: every answer takes a while, some calls fail, some in ways that leave it open whether
    /// they were billed.
    static let ordinary = """
        {"latency_ms":225,"jitter":0.78,"ms_per_token":0,"error_rate":0.03,"throttle_rate":0.03,"retry_after_ms":200,
         "reset_rate":0.01,"truncate_rate":0.01,"hang_rate":0}
        """

    static let calm = """
        {"error_rate":0,"throttle_rate":0,"reset_rate":0,"truncate_rate":0,"hang_rate":0,"latency_ms":20}
        """

    static var scenario: String {
        let endpoints = Self.endpoints.map {
            #"{"name":"\#($0)","region":"\#($0.prefix { $0 != "-" })","deployments":["gpt-4o"]}"#
        }
        return #"{"endpoints":[\#(endpoints.joined(separator: ","))]}"#
    }
}
