import Foundation
import Testing

/// `sluice simulate --plan`: no process, no queue, only an answer.
@Suite(.timeLimit(.minutes(5)))
struct PlanningTests {
    private let settings = """
        {"worker":{"processes":2},"audit":{"path":"a.sqlite"},"pool":{"endpoints":[
          {"name":"ptu","url":"http://127.0.0.1:1","model":"gpt-4o","tier":"ptu","tokens_per_minute":60000},
          {"name":"paid","url":"http://127.0.0.1:1","model":"gpt-4o","tier":"standard","priority":1}]}}
        """

    private func plan(_ lines: [String], _ arguments: [String]) async throws -> (exit: Int32, text: String) {
        var answer: (exit: Int32, text: String) = (-1, "")
        try await withFolder { folder in
            try settings.write(
                to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            try lines.joined(separator: "\n").write(
                to: folder.appendingPathComponent("prompts"), atomically: true, encoding: .utf8)
            let program = try SluiceProcess(["simulate", "--plan", "prompts"] + arguments, in: folder)
            answer = (try await program.exit(), program.text)
        }
        return answer
    }

    private func line(_ more: String = "") -> String {
        #"{"body":{"model":"gpt-4o","messages":[{"role":"user","content":"Hello"}],"max_tokens":1000}\#(more)}"#
    }

    @Test func `a backlog that the prepaid endpoint takes minutes for is told with what spilling costs`() async throws {
        let (exit, text) = try await plan(
            Array(repeating: line(), count: 300), ["--price-input", "2", "--price-output", "10"])
        #expect(exit == 0)
        #expect(text.hasPrefix("300 jobs with "))
        #expect(text.contains("Without spilling it takes 10 min 8 s"))
        #expect(text.contains("; spilling at once "))
        #expect(!text.contains("deadline "))
    }

    @Test func `with deadlines it says who would be late`() async throws {
        let (exit, text) = try await plan(Array(repeating: line(#","expires_in":60"#), count: 300), [])
        #expect(exit == 0)
        #expect(text.contains("\ndeadline "))
        #expect(text.contains(" late; spilling for deadlines "))
    }

    @Test func `a line that no intake would take is named`() async throws {
        let (exit, text) = try await plan([line(), #"{"body":{"model":"other","messages":[]}}"#], [])
        #expect(exit == 1)
        #expect(text.hasPrefix("Error: --plan prompts: line 2: No endpoint serves the model other."))
    }

    @Test func `as JSON it is one object`() async throws {
        let (exit, text) = try await plan(["Hello", "", "World"], ["--text", "--model", "gpt-4o", "--json"])
        #expect(exit == 0)
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        #expect(object?["jobs"] as? Int == 2)
        #expect((object?["choices"] as? [Any])?.count == 2)
    }
}
