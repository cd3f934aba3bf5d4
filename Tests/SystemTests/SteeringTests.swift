import Curl
import Foundation
import JobFlow
import Testing

/// Cancelling, dead letters and paused queues, with the real program.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct SteeringTests {
    @Test func `cancelling a running job closes its call upstream, and the ledger keeps the call`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"hang_rate":1}"#)
            let id = try await stack.submit("never answered")
            try await eventually("the call is under way") { try await stack.statistics()["calls"]?.int == 1 }
            let cancelled = try await stack.post(stack.intake + "/v1/jobs/\(id)/cancel", "{}")
            #expect(cancelled.status == 200)
            #expect(try JSONObject(parsing: cancelled.body)["status"]?.string == "cancelled")
            try await eventually("the simulator saw the client leave") {
                try await stack.count { $0["client_aborts"]?.int } == 1
            }
            try await eventually("the ledger has the call") { try await stack.ledger(id).count == 1 }
            let row = try #require(try await stack.ledger(id).first)
            #expect(row.outcome == .cancelled && row.reason == "cancelled" && row.billed == .maybe)
            #expect(try await stack.post(stack.intake + "/v1/jobs/\(id)/cancel", "{}").status == 200)
            #expect(try await stack.statistics()["calls"]?.int == 1)
        }
    }

    @Test func `dead letters are listed by reason, run again, and purged`() async throws {
        try await Stack.with(["retry.max_attempts=1", "breaker.failure_threshold=1000"]) { stack in
            try await stack.behave(#"{"error_rate":1,"error_status":503}"#)
            var ids: Set<String> = []
            for number in 1...5 { ids.insert(try await stack.submit("fails \(number)")) }
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "failed") }
            try await stack.calm()
            let refused = try await stack.submit("[[content_filter]] say it")
            #expect(try await stack.ended(refused)["status"]?.string == "failed")

            let list = try await stack.command(["dead", "list", "--json"])
            #expect(list.split(separator: "\n").count == 6)
            let filtered = try await stack.command(["dead", "list", "--reason", "content_filter", "--json"])
            #expect(filtered.split(separator: "\n").count == 1 && filtered.contains(refused))
            #expect(try await stack.command(["dead", "purge", refused]).contains("1"))
            #expect(try await stack.get(stack.intake + "/v1/jobs/\(refused)").status == 404)

            _ = try await stack.command(["dead", "retry", "--all"])
            for id in ids {
                #expect(try await stack.ended(id)["status"]?.string == "completed")
                #expect(try await stack.ledger(id).last?.outcome == .completed)
            }
            #expect(try await stack.command(["dead", "list", "--json"]).isEmpty)
        }
    }

    @Test
    func `a drained endpoint is called no more, its calls under way end, and it is called again when it is put back`()
        async throws
    {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":1500}"#)
            let running = try await stack.submit("under way")
            try await eventually("the call is under way") { try await stack.statistics()["calls"]?.int == 1 }
            for endpoint in ["eastus-ptu", "westeurope-ptu", "eastus-standard"] {
                #expect(try await stack.command(["endpoints", "drain", endpoint]).contains("drained"))
            }
            try await Task.sleep(for: .seconds(1))
            let waiting = try await stack.submit("waits")
            #expect(try await stack.ended(running)["status"]?.string == "completed")
            #expect(try await stack.statistics()["calls"]?.int == 1)
            #expect(try await stack.command(["endpoints", "undrain", "westeurope-ptu"]).contains("open"))
            #expect(try await stack.ended(waiting)["status"]?.string == "completed")
            #expect(try await stack.ledger(waiting).map(\.endpoint) == ["westeurope-ptu"])
        }
    }

    @Test func `a paused queue runs nothing until it is resumed, a full one refuses`() async throws {
        try await Stack.with(["queues.batch.max_length=2"]) { stack in
            #expect(try await stack.command(["queue", "pause", "batch"]).contains("batch"))
            var ids: [String] = []
            for number in 1...2 { ids.append(try await stack.submit("waits \(number)", more: #","queue":"batch""#)) }
            let refused = try await stack.post(
                stack.intake + "/v1/jobs", #"{"prompt":"too many","model":"gpt-4o","queue":"batch"}"#)
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] != nil)
            let other = try await stack.submit("runs")
            #expect(try await stack.ended(other)["status"]?.string == "completed")
            for id in ids {
                let job = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/jobs/\(id)").body)
                #expect(job["status"]?.string == "queued")
            }
            _ = try await stack.command(["queue", "resume", "batch"])
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "completed") }
        }
    }

    @Test func `a second SIGTERM hands running jobs back at once`() async throws {
        try await Stack.with(["worker.drain=3600s"]) { stack in
            try await stack.behave(#"{"hang_rate":1}"#)
            let id = try await stack.submit("hangs")
            try await eventually("the call is under way") { try await stack.statistics()["calls"]?.int == 1 }
            let workers = stack.workers()
            for worker in workers { kill(worker, SIGTERM) }
            try await eventually("the worker drains") {
                stack.up.lines.contains { $0["message"] == "draining" && $0["held"] == "1" }
            }
            for worker in workers { kill(worker, SIGTERM) }
            try await eventually("both have ended") { workers.allSatisfy { kill($0, 0) != 0 } }
            try await eventually("both have ended well") {
                stack.up.lines.count { $0["message"] == "child ended" && $0["status"] == "exited(0)" } == 2
            }
            try await stack.calm()
            #expect(try await stack.ended(id)["status"]?.string == "completed")
            #expect(try await stack.ledger(id).map(\.outcome) == [.released, .completed])
        }
    }
}

extension Stack {
    /// What a client command prints.
    func command(_ arguments: [String]) async throws -> String {
        let process = try SluiceProcess(
            arguments + ["--url", intake], in: folder, log: "command-\(UUID().uuidString).log")
        #expect(try await process.exit() == 0, "\(process.text)")
        return process.text
    }
}
