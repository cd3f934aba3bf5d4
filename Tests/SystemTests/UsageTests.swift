import Curl
import Foundation
import JobFlow
import Testing

/// What the program tells of tokens and of itself, with real processes.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct UsageTests {
    private static let thresholds = [
        "pool.token_thresholds[0].name=low", "pool.token_thresholds[0].tokens=1", "pool.token_thresholds[0].per=2h",
    ]

    @Test func `tokens are told by the API, the command and the metrics, and every metric says what it is`()
        async throws
    {
        try await Stack.with(Self.thresholds) { stack in
            for number in 0..<10 { _ = try await stack.ended(try await stack.submit("prompt \(number)")) }
            try await eventually("every call is counted") {
                let usage = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/usage?hours=2").body)
                let total = usage["total"]?.object
                return total?["calls"]?.int == 10 && total?["estimated_tokens"]?.int ?? 0 > 10
            }
            try await table(stack)
            let workers = stack.up.addresses("worker").map { "http://" + $0 }
            var seen: Set<String> = []
            for server in workers + [stack.intake] { seen.formUnion(try await explained(server, stack)) }
            for name in [
                "tokens_total", "endpoint_utilization_ratio", "endpoint_gate_seconds", "token_threshold_ratio",
                "build_info", "claim_age_seconds", "spool_max_jobs",
                // An alert sees the first one only if there was a 0 before it.
                "leases_reclaimed_total", "settlements_lost_total", "audit_failures_total", "recovered_jobs_total",
            ] {
                #expect(seen.contains("sluice_" + name))
            }
            for worker in workers { try await idle(worker, stack) }
        }
    }

    private func table(_ stack: Stack) async throws {
        let usage = try SluiceProcess(
            ["usage", "--url", stack.intake, "--hours", "2", "--by", "queue"], in: stack.folder, log: "table.log")
        #expect(try await usage.exit() == 0)
        let rows = usage.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.map(\.first) == ["queue", "default", "total"])
        #expect(rows[0] == ["queue", "calls", "estimated", "prompt", "completion", "cached", "total"])
        #expect(rows[1][1] == "10" && rows[1].dropFirst() == rows[2].dropFirst())
        let lines = try SluiceProcess(["usage", "--url", stack.intake, "--json"], in: stack.folder, log: "lines.log")
        #expect(try await lines.exit() == 0)
        let calls = try lines.text.split(separator: "\n").map {
            try JSONObject(parsing: Array($0.utf8))["calls"]?.int ?? 0
        }
        #expect(calls.reduce(0, +) == 10)
    }

    /// The names of a server's metrics. Where nobody wrote a help text, there are the words of the name.
    private func explained(_ server: String, _ stack: Stack) async throws -> Set<String> {
        let text = String(decoding: try await stack.get(server + "/metrics").body, as: UTF8.self)
        let helps = text.matches(of: /(?m)^# HELP (sluice_[a-z_]+) (.*)$/).map { (String($0.1), String($0.2)) }
        for (name, help) in helps { #expect(help != name.replacingOccurrences(of: "_", with: " ")) }
        #expect(!helps.isEmpty)
        return Set(helps.map(\.0))
    }

    /// No call is under way, and none is left in the gauge.
    private func idle(_ worker: String, _ stack: Stack) async throws {
        try await eventually("no call is under way at \(worker)") {
            let text = String(decoding: try await stack.get(worker + "/metrics").body, as: UTF8.self)
            let values = text.matches(of: /(?m)^sluice_endpoint_inflight\{.*\} (.*)$/).map { String($0.1) }
            return values.count == 3 && values.allSatisfy { $0 == "0" }
        }
    }
}
