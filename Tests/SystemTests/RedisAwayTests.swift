import Curl
import Foundation
import JobFlow
import RunAudit
import Testing

/// Redis taken away from the real program, and given back.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct RedisAwayTests {
    @Test func `while redis is away jobs are accepted and readable, and run in their order when it is back`()
        async throws
    {
        try await Stack.with { stack in
            let before = try await stack.submit("before")
            #expect(try await stack.ended(before)["status"]?.string == "completed")
            let redis = try stack.redis()
            kill(redis, SIGSTOP)
            var ids: [String] = []
            for number in 1...20 { ids.append(try await stack.submit("away \(number)")) }
            // The answer is on this machine's disk as well.
            let known = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/jobs/\(before)").body)
            #expect(known["status"]?.string == "completed")
            #expect(known["result"]?.object?["status_code"]?.int == 200)
            let waiting = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/jobs/\(ids[0])").body)
            #expect(waiting["status"]?.string == "queued")
            let unknown = try await stack.get(stack.intake + "/v1/jobs/job_0_00000000000000000000000000")
            #expect(unknown.status == 503)
            #expect(unknown.headers["retry-after"] != nil)
            kill(redis, SIGCONT)
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "completed") }
            #expect(try await stack.statistics()["duplicates"]?.int == 0)
        }
    }

    @Test func `a full spool refuses, and a job that was spooled before a crash of the intake runs`() async throws {
        try await Stack.with(["intake.spool_max_jobs=3"]) { stack in
            let redis = try stack.redis()
            kill(redis, SIGSTOP)
            var ids: [String] = []
            for number in 1...3 { ids.append(try await stack.submit("away \(number)")) }
            let refused = try await stack.post(stack.intake + "/v1/jobs", #"{"prompt":"one more","model":"gpt-4o"}"#)
            #expect(refused.status == 503)
            #expect(refused.headers["retry-after"] != nil)
            let intake = try #require(Stack.children(of: stack.up.pid, command: "intake").first)
            kill(intake, SIGKILL)
            kill(redis, SIGCONT)
            try await eventually("the intake listens again") { stack.up.addresses("intake").count == 2 }
            let again = "http://" + (stack.up.addresses("intake").last ?? "")
            for id in ids { #expect(try await stack.ended(id, at: again)["status"]?.string == "completed") }
            #expect(try await stack.statistics()["answered_jobs"]?.int == 3)
            #expect(try await stack.statistics()["duplicates"]?.int == 0)
        }
    }

    @Test func `an outage longer than the leases costs the workers none of their calls`() async throws {
        try await Stack.with(["worker.lease=6s"]) { stack in
            try await stack.behave(#"{"latency_ms":1500}"#)
            var ids: [String] = []
            for number in 1...10 { ids.append(try await stack.submit("long \(number)")) }
            try await eventually("the calls are under way") { try await stack.statistics()["calls"]?.int == 10 }
            let redis = try stack.redis()
            kill(redis, SIGSTOP)
            // Longer than the lease, and than the commands of the workers wait.
            try await Task.sleep(for: .seconds(13))
            kill(redis, SIGCONT)
            for id in ids {
                #expect(try await stack.ended(id)["status"]?.string == "completed")
                #expect(try await stack.ledger(id).map(\.outcome) == [.completed])
            }
            #expect(try await stack.statistics()["calls"]?.int == 10)
        }
    }

    @Test func `an answer that was paid for while redis is away is settled, not bought again`() async throws {
        try await Stack.with(["worker.lease=6s"]) { stack in
            try await stack.behave(#"{"latency_ms":1500}"#)
            var ids: [String] = []
            for number in 1...10 { ids.append(try await stack.submit("paid \(number)")) }
            try await eventually("the calls are under way") { try await stack.statistics()["calls"]?.int == 10 }
            let redis = try stack.redis()
            kill(redis, SIGSTOP)
            try await eventually("all are answered") {
                try await stack.count { $0["by_status"]?.object?["200"]?.int } == 10
            }
            // The answers are on disk now; whoever had them in memory is gone.
            let audit = try AuditReader(path: stack.folder.appendingPathComponent("var/audit.sqlite").path)
            try await eventually("the answers are in the journal") {
                try await audit.query(AuditFilter(), limit: 100).count == 10
            }
            audit.close()
            for worker in stack.workers() { kill(worker, SIGKILL) }
            kill(redis, SIGCONT)
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "completed") }
            #expect(try await stack.statistics()["calls"]?.int == 10)
        }
    }
}

extension Stack {
    /// The private redis-server.
    func redis() throws -> pid_t {
        let file = folder.appendingPathComponent("var/redis/redis.pid")
        let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        return try #require(pid_t(text))
    }
}
