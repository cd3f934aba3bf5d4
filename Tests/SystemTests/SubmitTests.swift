import Foundation
import JobFlow
import TestKit
import Testing

/// `sluice submit`, killed, interrupted and cut off: every line is one call upstream and has one result.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct SubmitTests {
    private static let lines = 3000
    /// A hundred calls at once: there is time to stop something in the middle.
    private static let slow = ["worker.concurrency=50"]

    @Test(arguments: [SIGINT, SIGKILL])
    func `stopped in the middle, the same command goes on where it was`(signal: Int32) async throws {
        try await Stack.with(Self.slow) { stack in
            try await stack.behave(#"{"latency_ms":150}"#)
            try Self.write(Self.lines, stack.folder)
            for run in 1...2 {
                let before = Self.results(stack.folder).count
                let submit = try Self.submit(stack, run)
                try await eventually("results come") { Self.results(stack.folder).count > before }
                submit.signal(signal)
                let code = try await submit.exit()
                #expect(code == (signal == SIGINT ? 130 : -SIGKILL), "\(submit.text)")
                if signal == SIGINT { #expect(submit.text.contains("the same command goes on from here")) }
                if run == 1 { #expect(Self.results(stack.folder).count < Self.lines) }
            }
            let last = try Self.submit(stack, 3)
            #expect(try await last.exit() == 0, "\(last.text)")
            #expect(last.text.contains("3000 of 3000 submitted, 3000 completed, 0 failed, 0 rejected"))
            try await Self.check(stack)
            let again = try Self.submit(stack, 4)
            #expect(try await again.exit() == 0)
            #expect(again.text.contains("nothing was left to do"))
            try await Self.check(stack)
        }
    }

    @Test func `killed while it waits for results in the order of the input, it goes on`() async throws {
        try await Stack.with(Self.slow) { stack in
            try await stack.behave(#"{"latency_ms":150,"jitter":0.9}"#)
            try Self.write(Self.lines, stack.folder)
            for run in 1...2 {
                let before = Self.results(stack.folder).count
                let submit = try Self.submit(stack, run, ["--order", "input"])
                try await eventually("results come") { Self.results(stack.folder).count > before }
                submit.signal(SIGKILL)
                #expect(try await submit.exit() == -SIGKILL)
            }
            let last = try Self.submit(stack, 3, ["--order", "input"])
            #expect(try await last.exit() == 0, "\(last.text)")
            try await Self.check(stack)
            #expect(try Self.results(stack.folder).map(Self.line) == Array(1...Self.lines))
            #expect(
                !FileManager.default.fileExists(atPath: stack.folder.appendingPathComponent("a.jsonl.waiting").path))
        }
    }

    @Test func `an intake that dies in the middle is waited for`() async throws {
        let port = try freePort()
        try await Stack.with(Self.slow + ["intake.listen=127.0.0.1:\(port)"]) { stack in
            try await stack.behave(#"{"latency_ms":150}"#)
            try Self.write(Self.lines, stack.folder)
            let submit = try Self.submit(stack, 1)
            for share in [0, 500] {
                try await eventually("results come") { Self.results(stack.folder).count > share }
                let intake = try #require(Stack.children(of: stack.up.pid, command: "intake").first)
                kill(intake, SIGKILL)
                try await eventually("it was started again") {
                    Stack.children(of: stack.up.pid, command: "intake").contains { $0 != intake }
                }
            }
            #expect(try await submit.exit(within: .seconds(120)) == 0, "\(submit.text)")
            try await Self.check(stack)
        }
    }

    @Test func `a rejected line is named, the others are answered, and the exit code tells`() async throws {
        try await Stack.with { stack in
            let text = Self.text(1) + "nonsense\n\n" + Self.text(4)
            try text.write(to: stack.folder.appendingPathComponent("p.jsonl"), atomically: true, encoding: .utf8)
            let submit = try Self.submit(stack, 1)
            #expect(try await submit.exit() == 1)
            #expect(submit.text.contains("line 2 rejected: "))
            #expect(submit.text.contains("(invalid_json)"))
            #expect(submit.text.contains("3 of 3 submitted, 2 completed, 0 failed, 1 rejected"))
            #expect(Set(try Self.results(stack.folder).map(Self.line)) == [1, 2, 4])
            try "changed".write(to: stack.folder.appendingPathComponent("p.jsonl"), atomically: true, encoding: .utf8)
            let changed = try Self.submit(stack, 2)
            #expect(try await changed.exit() == 1)
            #expect(changed.text.hasPrefix("Error: p.jsonl has changed since its submission began"))
        }
    }

    private static func submit(_ stack: Stack, _ run: Int, _ more: [String] = []) throws -> SluiceProcess {
        try SluiceProcess(
            ["submit", "p.jsonl", "--wait", "--output", "a.jsonl"] + more, in: stack.folder,
            environment: ["SLUICE_URL": stack.intake], log: "submit-\(run).log")
    }

    private static func write(_ count: Int, _ folder: URL) throws {
        try (1...count).map(text).joined().write(
            to: folder.appendingPathComponent("p.jsonl"), atomically: true, encoding: .utf8)
    }

    private static func text(_ number: Int) -> String {
        #"{"custom_id":"c-\#(number)","body":{"model":"gpt-4o","messages":[{"role":"user","content":"say \#(number)"}]}}"#
            + "\n"
    }

    private static func results(_ folder: URL) -> [Substring] {
        let text = try? String(contentsOf: folder.appendingPathComponent("a.jsonl"), encoding: .utf8)
        return text?.split(separator: "\n") ?? []
    }

    private static func line(_ text: Substring) throws -> Int {
        try #require(try JSONObject(parsing: Array(text.utf8))["line"]?.int)
    }

    /// Every line once: in the output by its custom id, and upstream by its job.
    private static func check(_ stack: Stack) async throws {
        let results = try results(stack.folder).map { try JSONObject(parsing: Array($0.utf8)) }
        let ids = results.compactMap { $0["custom_id"]?.string }
        #expect(results.count == lines)
        #expect(Set(ids) == Set((1...lines).map { "c-\($0)" }))
        #expect(results.allSatisfy { $0["custom_id"]?.string == "c-\($0["line"]?.int ?? 0)" })
        let statistics = try await stack.statistics()
        #expect(statistics["answered_jobs"]?.int == lines)
        #expect(statistics["duplicates"]?.int == 0)
    }
}
