import Foundation
import JobFlow
import RunAudit
import Testing

/// The real binary with a real redis-server and the simulator.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct WholeProgramTests {
    @Test func `prompts go in by HTTP and come out answered, and three records agree`() async throws {
        try await Stack.with { stack in
            var ids: [String] = []
            for number in 1...40 { ids.append(try await stack.submit("question \(number)")) }
            for id in ids {
                let job = try await stack.ended(id)
                #expect(job["status"]?.string == "completed")
                #expect(job["result"]?.object?["status_code"]?.int == 200)
                #expect(job["usage"]?.object?["total_tokens"]?.int ?? 0 > 0)
            }
            let statistics = try await stack.statistics()
            #expect(statistics["calls"]?.int == 40)
            #expect(statistics["duplicates"]?.int == 0)
            let audit = try AuditReader(path: stack.folder.appendingPathComponent("var/audit.sqlite").path)
            for id in ids {
                let job = try #require(JobID(id))
                let rows = try await audit.attempts(of: job).map(\.attempt)
                #expect(rows == (try await stack.ledger(id)))
                #expect(rows.map(\.outcome) == [.completed])
            }
            audit.close()
        }
    }

    @Test func `a failed call moves to another endpoint at once, and the ledger tells`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"fail_next":[500]}"#, endpoints: ["eastus-ptu"])
            try await stack.behave(#"{"fail_next":[429]}"#, endpoints: ["westeurope-ptu"])
            // Its queue may cost extra at once.
            let id = try await stack.submit("who answers?", more: #","queue":"interactive""#)
            #expect(try await stack.ended(id)["status"]?.string == "completed")
            let ledger = try await stack.ledger(id)
            #expect(ledger.map(\.number) == [1, 2, 3])
            #expect(ledger.map(\.outcome) == [.retry, .retry, .completed])
            #expect(ledger.map(\.delayMilliseconds) == [0, 0, nil])
            #expect(Set(ledger.prefix(2).compactMap(\.reason)) == ["server_error", "throttled"])
            #expect(ledger.last?.endpoint == "eastus-standard")
        }
    }

    @Test func `a job whose every call fails waits longer each time, then fails with the last error`() async throws {
        try await Stack.with(["retry.base_delay=50ms", "breaker.failure_threshold=100"]) { stack in
            try await stack.behave(#"{"error_rate":1,"error_status":503}"#)
            let id = try await stack.submit("hopeless", more: #","max_attempts":8,"queue":"interactive""#)
            let job = try await stack.ended(id)
            #expect(job["status"]?.string == "failed")
            #expect(job["error"]?.object?["code"]?.string != nil)
            let ledger = try await stack.ledger(id)
            #expect(ledger.count == 8)
            #expect(ledger.last?.outcome == .failed)
            let waits = ledger.compactMap(\.delayMilliseconds).filter { $0 > 0 }
            #expect(waits.count == 2)
            #expect((45...55).contains(try #require(waits.first)))
            #expect((90...110).contains(try #require(waits.last)))
        }
    }

    @Test func `a refused prompt is final and keeps the upstream's own answer`() async throws {
        try await Stack.with { stack in
            let id = try await stack.submit("[[content_filter]] say it")
            let job = try await stack.ended(id)
            #expect(job["status"]?.string == "failed")
            #expect(job["error"]?.object?["code"]?.string == "content_filter")
            #expect(job["result"]?.object?["status_code"]?.int == 400)
            #expect(try await stack.ledger(id).count == 1)
        }
    }

    @Test func `the commands submit a file, wait, and show one job`() async throws {
        try await Stack.with { stack in
            let prompts = (1...25).map { "prompt \($0)" }.joined(separator: "\n")
            try prompts.write(to: stack.folder.appendingPathComponent("p.txt"), atomically: true, encoding: .utf8)
            let submit = try SluiceProcess(
                ["submit", "p.txt", "--text", "--model", "gpt-4o", "--wait", "--output", "a.jsonl"], in: stack.folder,
                environment: ["SLUICE_URL": stack.intake], log: "submit.log")
            #expect(try await submit.exit() == 0)
            #expect(submit.text.contains("25/25 done"))
            let answers = try String(contentsOf: stack.folder.appendingPathComponent("a.jsonl"), encoding: .utf8)
                .split(separator: "\n").map { try JSONObject(parsing: Array($0.utf8)) }
            #expect(answers.count == 25)
            #expect(answers.allSatisfy { $0["response"]?.object?["status_code"]?.int == 200 })
            let id = try #require(answers.first?["id"]?.string)
            let show = try SluiceProcess(
                ["job", "show", id, "--url", stack.intake], in: stack.folder, log: "show.log")
            #expect(try await show.exit() == 0)
            #expect(show.text.contains("status    completed"))
            #expect(show.text.contains("outcome"))
        }
    }
}
