import Curl
import Foundation
import JobFlow
import Testing

/// worker.json that changes under running processes.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReloadTests {
    /// What the processes of the stack read.
    private func file(_ stack: Stack) throws -> URL {
        let line = try #require(
            stack.up.text.split(separator: "\n").first { $0.contains(#""message":"embedded servers""#) })
        let path = try #require(try JSONObject(parsing: Array(line.utf8))["config"]?.string)
        return path.hasPrefix("/") ? URL(fileURLWithPath: path) : stack.folder.appendingPathComponent(path)
    }

    private func change(_ stack: Stack, _ body: (String) -> String) throws {
        let file = try file(stack)
        try Data(body(try String(contentsOf: file, encoding: .utf8)).utf8).write(to: file, options: .atomic)
    }

    private func count(_ text: String, _ stack: Stack) -> Int {
        stack.up.text.split(separator: "\n").count { $0.contains(text) }
    }

    private func calls(_ endpoint: String, _ stack: Stack) async throws -> Int {
        let endpoints = try await stack.statistics()["by_endpoint"]?.object
        return endpoints?[endpoint]?.object?["calls"]?.int ?? 0
    }

    @Test func `an endpoint taken out gets no more calls, and no job notices`() async throws {
        try await Stack.with { stack in
            try await stack.behave(#"{"latency_ms":300}"#)
            var ids: [String] = []
            for number in 0..<20 { ids.append(try await stack.submit("before \(number)")) }
            try await eventually("calls are under way") { try await calls("eastus-ptu", stack) > 0 }
            try change(stack) { text in
                text.replacingOccurrences(of: #""name": "eastus-ptu","#, with: #""name": "new-ptu","#)
            }
            // Intake and two workers.
            try await eventually("all processes have it") { count("settings were changed", stack) == 3 }
            let before = try await calls("eastus-ptu", stack)
            for number in 0..<20 { ids.append(try await stack.submit("after \(number)")) }
            for id in ids { #expect(try await stack.ended(id)["status"]?.string == "completed") }
            let endpoints = try JSONObject(parsing: try await stack.get(stack.intake + "/v1/endpoints").body)
            let names = endpoints["data"]?.array?.compactMap { $0.object?["name"]?.string }
            #expect(names?.contains("new-ptu") == true && names?.contains("eastus-ptu") == false)
            // The new name has the old one's URL, where the simulator knows it as before.
            #expect(try await calls("eastus-ptu", stack) > before)
            let ledger = try await stack.ledger(ids[25])
            #expect(ledger.first?.endpoint != "eastus-ptu")
            #expect(count(#""outcome":"failed""#, stack) == 0)
        }
    }

    @Test func `a file that is not valid changes nothing, and what needs a restart is told`() async throws {
        try await Stack.with { stack in
            try change(stack) { $0.replacingOccurrences(of: #""max_attempts": 5"#, with: #""max_attempts": 500"#) }
            try await eventually("it is refused") { count("the settings stay as they are", stack) == 3 }
            #expect(stack.up.text.contains("retry.max_attempts"))
            #expect(try await stack.ended(try await stack.submit("still"))["status"]?.string == "completed")
            try change(stack) { text in
                text.replacingOccurrences(of: #""max_attempts": 500"#, with: #""max_attempts": 7"#)
                    .replacingOccurrences(of: #""concurrency": 1000"#, with: #""concurrency": 900"#)
            }
            try await eventually("it is taken") { count("settings were changed", stack) == 3 }
            #expect(count("some changes need a restart", stack) == 3)
            let job = try JSONObject(
                parsing: try await stack.post(stack.intake + "/v1/jobs", #"{"prompt":"a","model":"gpt-4o"}"#).body)
            #expect(job["max_attempts"]?.int == 7)
        }
    }

    @Test func `a hangup is passed on to every process, and none dies of it`() async throws {
        try await Stack.with { stack in
            let children = Stack.children(of: stack.up.pid)
            stack.up.signal(SIGHUP)
            try await eventually("all have read again") { count("worker.json was read again", stack) == 3 }
            #expect(Stack.children(of: stack.up.pid) == children)
        }
    }
}
