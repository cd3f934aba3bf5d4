import Curl
import Foundation
import JobFlow
import Testing

/// Batches in files, through real processes that are killed.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct FileBatchTests {
    @Test func `intake and worker are killed in the middle of a batch, and every line ends once`() async throws {
        let lines = 2000
        try await Stack.with(["worker.lease=6s", "cache.enabled=false"]) { stack in
            try await stack.behave(#"{"latency_ms":1000}"#)
            let file = try await upload(lines, stack)
            let body =
                #"{"input_file_id":"\#(file)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#
            let made = try JSONObject(parsing: try await stack.post(stack.intake + "/v1/batches", body).body)
            let id = try #require(made["id"]?.string)
            // One while lines are still read or sent, one while they end.
            for seconds in [0.3, 2.0] {
                try await Task.sleep(for: .seconds(seconds))
                for role in ["intake", "worker"] {
                    if let victim = Stack.children(of: stack.up.pid, command: role).first { kill(victim, SIGKILL) }
                }
            }
            let batch = try await ended(id, stack)
            #expect(batch["status"]?.string == "completed")
            #expect(batch["request_counts"]?.object?["completed"]?.int == lines)
            #expect(batch["error_file_id"]?.isNull == true)
            var ids: [String] = []
            for name in ["output_file_id", "error_file_id"] {
                guard let file = batch[name]?.string else { continue }
                let text = try await stack.get(try intake(stack) + "/v1/files/\(file)/content").body
                for line in text.split(separator: UInt8(ascii: "\n")) {
                    ids.append(try #require(try JSONObject(parsing: line)["custom_id"]?.string))
                }
            }
            #expect(ids.count == lines)
            #expect(Set(ids) == Set((1...lines).map { "c-\($0)" }))
        }
    }

    /// The intake that listens now: one that was started again has another port.
    private func intake(_ stack: Stack) throws -> String {
        "http://" + (try #require(stack.up.addresses("intake").last))
    }

    private func ended(_ id: String, _ stack: Stack) async throws -> JSONObject {
        let end = ContinuousClock.now + .seconds(120)
        while ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(500))
            guard let response = try? await stack.get(try intake(stack) + "/v1/batches/\(id)"), response.status == 200
            else { continue }
            let batch = try JSONObject(parsing: response.body)
            if ["completed", "failed", "expired", "cancelled"].contains(batch["status"]?.string) { return batch }
        }
        throw SluiceProcess.Failure(description: "\(id) never ended")
    }

    private func upload(_ lines: Int, _ stack: Stack) async throws -> String {
        let text = (1...lines).map {
            #"{"custom_id":"c-\#($0)","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o","messages":[{"role":"user","content":"question \#($0)"}]}}"#
        }.joined(separator: "\n")
        let form =
            "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n"
            + "Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n\(text)\r\n--b--\r\n"
        let response = try await stack.curl.send(
            CurlRequest(
                method: "POST", url: stack.intake + "/v1/files",
                headers: [("content-type", "multipart/form-data; boundary=b")], body: Array(form.utf8),
                timeout: .seconds(30)))
        try #require(response.status == 200, "\(String(decoding: response.body, as: UTF8.self))")
        return try #require(try JSONObject(parsing: response.body)["id"]?.string)
    }
}
