import Foundation
import JobFlow
import Testing

/// Signals sent to real processes while jobs run.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct CrashTests {
    @Test func `a worker killed in the middle of calls costs no job, and the ledger names its calls`() async throws {
        try await Stack.with(["worker.lease=5s"]) { stack in
            try await stack.behave(#"{"latency_ms":5000}"#)
            var ids: [String] = []
            for number in 1...30 { ids.append(try await stack.submit("long question \(number)")) }
            try await eventually("calls are under way") {
                (try await stack.statistics()["peak_inflight"]?.int ?? 0) >= 20
            }
            let victim = try #require(stack.workers().first)
            kill(victim, SIGKILL)
            var abandoned = 0
            for id in ids {
                #expect(try await stack.ended(id)["status"]?.string == "completed")
                let ledger = try await stack.ledger(id)
                #expect(ledger.map(\.number) == Array(1...ledger.count))
                #expect(ledger.last?.outcome == .completed)
                let lost = ledger.filter { $0.outcome == .abandoned }
                #expect(lost.allSatisfy { $0.billed == .maybe && !$0.worker.isEmpty })
                abandoned += lost.count
            }
            #expect(abandoned > 0)
            // Each call that the dead worker had under way may have been made twice, no other.
            let calls = try #require(try await stack.statistics()["calls"]?.int)
            #expect(calls <= ids.count + abandoned)
            try await eventually("the worker was started again") { stack.workers().count == 2 }
        }
    }

    @Test func `redis killed and started again loses no accepted job`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":300}"#)
            var ids: [String] = []
            for number in 1...30 { ids.append(try await stack.submit("question \(number)")) }
            let file = stack.folder.appendingPathComponent("var/redis/redis.pid")
            let redis = try #require(
                pid_t(try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
            kill(redis, SIGKILL)
            try await eventually("the intake sees that redis is away or back") {
                stack.up.lines.contains { $0["message"] == "child ended" && $0["child"] == "redis" }
            }
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "completed") }
        }
    }

    @Test func `a stop lets running calls finish and settles them`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":800}"#)
            let id = try await stack.submit("the last question")
            try await eventually("the call is under way") { try await stack.statistics()["calls"]?.int == 1 }
            for worker in stack.workers() { kill(worker, SIGTERM) }
            #expect(try await stack.ended(id)["status"]?.string == "completed")
            #expect(try await stack.ledger(id).map(\.outcome) == [.completed])
            #expect(try await stack.statistics()["calls"]?.int == 1)
        }
    }

    @Test func `children end by themselves when sluice up is killed`() async throws {
        try await withFolder { folder in
            let worker = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("worker.json")
            try FileManager.default.copyItem(at: worker, to: folder.appendingPathComponent("worker.json"))
            let settings = ["intake.listen=127.0.0.1:0", "worker.listen=127.0.0.1:0", "log.format=json"]
            let up = try SluiceProcess(["up", "--embedded"] + settings.flatMap { ["--set", $0] }, in: folder)
            try await eventually("everything runs") {
                up.addresses("worker").count >= 2 && !up.addresses("intake").isEmpty
            }
            let children = Stack.children(of: up.pid).filter { pid in
                (try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8))?.hasPrefix("sluice") == true
            }
            #expect(children.count == 4)
            up.signal(SIGKILL)
            #expect(try await up.exit() == -SIGKILL)
            try await eventually("no child is left") { children.allSatisfy { kill($0, 0) != 0 } }
            // The private redis-server is stopped by the next start, which finds its pid file; here there is none.
            let file = folder.appendingPathComponent("var/redis/redis.pid")
            let text = try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
            kill(try #require(pid_t(text)), SIGKILL)
        }
    }
}
