import Curl
import Foundation
import JobFlow
import TestKit
import Testing

/// What the pool does with real processes: a simulated pool, Redis, an intake and two workers.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct PoolTests {
    private static let provisioned = ["eastus-ptu", "westeurope-ptu"]

    @Test func `equal prompts are called for once, and every job has its own record and ledger`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":300}"#)
            var ids: [String] = []
            for _ in 0..<20 { ids.append(try await stack.submit("the same for all")) }
            var served: [String: Int] = [:]
            for id in ids {
                let job = try await stack.ended(id)
                #expect(job["status"]?.string == "completed")
                served[job["result"]?.object?["served_by"]?.string ?? "", default: 0] += 1
                let ledger = try await stack.ledger(id)
                #expect(ledger.count == 1 && ledger.first?.outcome == .completed)
            }
            #expect(try await stack.statistics()["calls"]?.int == 1)
            #expect(served["endpoint"] == 1 && served.values.reduce(0, +) == 20)
            let another = try await stack.ended(try await stack.submit("the same for all", more: #","cache":false"#))
            #expect(another["result"]?.object?["served_by"]?.string == "endpoint")
            #expect(try await stack.statistics()["calls"]?.int == 2)
        }
    }

    @Test func `a throttle that one worker meets holds back the other, too`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"throttle_rate":1,"retry_after_ms":60000}"#, endpoints: ["eastus-ptu"])
            try await stack.untilThrottled("eastus-ptu")
            let calls = try await stack.calls(of: "eastus-ptu")
            for number in 0..<100 { _ = try await stack.ended(try await stack.submit("another \(number)")) }
            #expect(try await stack.calls(of: "eastus-ptu") == calls)
        }
    }

    @Test func `only a job whose deadline is near goes where it costs extra`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"throttle_rate":1,"retry_after_ms":9000}"#, endpoints: Self.provisioned)
            for endpoint in Self.provisioned { try await stack.untilThrottled(endpoint) }
            let far = try await stack.submit("far", more: #","expires_in":3600"#)
            let near = try await stack.submit("near", more: #","expires_in":6"#)
            let job = try await stack.ended(near)
            #expect(job["status"]?.string == "completed")
            #expect(job["result"]?.object?["endpoint"]?.string == "eastus-standard")
            try await stack.behave(#"{"throttle_rate":0}"#, endpoints: Self.provisioned)
            #expect(try await stack.ended(far)["status"]?.string == "completed")
            #expect(try await stack.ledger(far).allSatisfy { Self.provisioned.contains($0.endpoint) })
        }
    }

    @Test func `while every endpoint is closed an old answer serves who allows it, and who waits is told`() async throws
    {
        try await Stack.with { stack in
            let allowed = #","cache":{"ttl":1,"stale":true}"#
            let first = try await stack.ended(try await stack.submit("what was it?", more: allowed))
            #expect(first["status"]?.string == "completed")
            let finished = try #require(first["finished_at"]?.double)
            try await stack.behave(#"{"throttle_rate":1,"retry_after_ms":60000}"#)
            for endpoint in Self.provisioned + ["eastus-standard"] { try await stack.untilThrottled(endpoint) }
            try await eventually("the answer is no longer fresh") { Date.now.timeIntervalSince1970 > finished + 1.1 }
            let job = try await stack.ended(try await stack.submit("what was it?", more: allowed))
            let result = try #require(job["result"]?.object)
            #expect(result["served_by"]?.string == "stale" && (result["age_seconds"]?.double ?? 0) > 1)
            let waiting = try await stack.submit("something new")
            try await eventually("the client is told that the pool is closed") {
                let job = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/jobs/\(waiting)").body)
                return job["notice"]?.object?["code"]?.string == "pool_closed"
            }
            _ = try await stack.post(stack.intake + "/v1/jobs/\(waiting)/cancel", "")
        }
    }

    @Test func `an endpoint that refuses the key is out, and its jobs go elsewhere`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"error_rate":1,"error_status":401}"#, endpoints: ["eastus-ptu"])
            try await stack.until("eastus-ptu", is: "refused")
            // Jobs that are under way, and the other worker until it is told, may call once more.
            var calls = -1
            try await eventually("both workers have closed it") {
                let before = calls
                for number in 0..<4 { _ = try await stack.ended(try await stack.submit("before \(before) \(number)")) }
                calls = try await stack.calls(of: "eastus-ptu")
                return calls == before
            }
            for number in 0..<20 {
                let job = try await stack.ended(try await stack.submit("elsewhere \(number)"))
                #expect(job["result"]?.object?["endpoint"]?.string == "westeurope-ptu")
            }
            #expect(try await stack.calls(of: "eastus-ptu") == calls)
        }
    }
}

extension Stack {
    func calls(of endpoint: String) async throws -> Int {
        try await statistics()["by_endpoint"]?.object?[endpoint]?.object?["calls"]?.int ?? -1
    }

    func untilThrottled(_ endpoint: String) async throws { try await until(endpoint, is: "throttled") }

    /// Submits jobs that may go anywhere until the fleet stands like that with the endpoint.
    func until(_ endpoint: String, is status: String) async throws {
        var number = 0
        try await eventually("\(endpoint) is \(status)") {
            number += 1
            _ = try await submit("\(endpoint) \(number)", more: #","queue":"interactive","max_attempts":1"#)
            let list = try JSONObject(parsing: try await get(intake + "/v1/endpoints").body)
            let endpoints = (list["data"]?.array ?? []).compactMap(\.object)
            return endpoints.first { $0["name"]?.string == endpoint }?["status"]?.string == status
        }
    }
}
