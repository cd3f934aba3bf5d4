import Curl
import Foundation
import JobFlow
import Testing

/// Webhooks of the real program, to a receiver of the test.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct WebhookTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let settings = [
        "webhooks.secrets=\(secret)", "webhooks.allow_addresses=127.0.0.1", "webhooks.delays=200ms",
        "webhooks.timeout=2s", "worker.lease=4s",
    ]

    private func webhook(_ stack: Stack, _ id: String) async throws -> JSONObject? {
        try JSONObject(parsing: try await stack.get(stack.intake + "/v1/jobs/\(id)").body)["webhook"]?.object
    }

    private func told(_ stack: Stack, _ id: String, _ state: String = "delivered") async throws -> JSONObject {
        try await eventually("\(id) is \(state)") { try await webhook(stack, id)?["status"]?.string == state }
        return try #require(try await webhook(stack, id))
    }

    @Test func `every end is told, however it came, and a receiver that failed at first is told again`() async throws {
        let receiver = try WebhookReceiver { path, earlier in path == "/flaky" && earlier < 2 ? 500 : 204 }
        defer { receiver.stop() }
        try await Stack.with(Self.settings + ["webhooks.url=\(receiver.url("/all"))"]) { stack in
            func hook(_ path: String) -> String { #","webhook_url":"\#(receiver.url(path))""# }
            let completed = try await stack.submit("a", more: hook("/flaky"))
            let failed = try await stack.submit("[[content_filter]] b", more: hook("/failed"))
            let telling = try await told(stack, completed)
            #expect(telling["attempts"]?.int == 3)
            #expect(telling["deliveries"]?.array?.compactMap { $0.object?["status_code"]?.int } == [500, 500, 204])
            _ = try await told(stack, failed)
            try await stack.behave(#"{"latency_ms":30000}"#)
            let cancelled = try await stack.submit("c", more: hook("/cancelled"))
            let expired = try await stack.submit("d", more: hook("/expired") + #","expires_in":0.5"#)
            #expect(try await stack.post(stack.intake + "/v1/jobs/\(cancelled)/cancel", "").status == 200)
            for id in [cancelled, expired] { _ = try await told(stack, id) }
            for (path, type, id) in [
                ("/flaky", "completed", completed), ("/failed", "failed", failed),
                ("/cancelled", "cancelled", cancelled),
                ("/expired", "expired", expired),
            ] {
                let requests = receiver.received(path)
                #expect(requests.count == (path == "/flaky" ? 3 : 1))
                #expect(Set(requests.compactMap { $0.headers["webhook-id"] }).count == 1)
                let event = try JSONObject(parsing: Array(try #require(requests.last).body.utf8))
                #expect(event["type"]?.string == "job.\(type)")
                #expect(event["data"]?.object?["id"]?.string == id)
                #expect(event["data"]?.object?["status"]?.string == type)
            }
            let answer = try JSONObject(parsing: Array(try #require(receiver.received("/flaky").last).body.utf8))
            #expect(answer["data"]?.object?["result"]?.object?["body"]?.object?["choices"] != nil)
            try await stack.calm()
            let background = #"{"model":"gpt-4o","input":"e","background":true}"#
            let response = try JSONObject(
                parsing: try await stack.post(stack.intake + "/v1/responses", background).body)
            try await eventually("the response is told") { receiver.received("/all").count == 1 }
            let event = try JSONObject(parsing: Array(try #require(receiver.received("/all").first).body.utf8))
            #expect(event["type"]?.string == "response.completed")
            #expect(event["data"]?.object?["id"]?.string == response["id"]?.string)
        }
    }

    @Test func `workers that die between an end and its telling cost no webhook`() async throws {
        let receiver = try WebhookReceiver { path, earlier in path == "/dies" && earlier == 0 ? 0 : 204 }
        defer { receiver.stop() }
        // One try may hang for longer than the worker lives.
        let settings = Self.settings.filter { !$0.hasPrefix("webhooks.timeout") } + ["webhooks.timeout=5s"]
        try await Stack.with(settings) { stack in
            let id = try await stack.submit("a", more: #","webhook_url":"\#(receiver.url("/dies"))""#)
            try await eventually("it is being told") { receiver.received("/dies").count == 1 }
            for worker in stack.workers() { kill(worker, SIGKILL) }
            #expect(try await stack.ended(id)["status"]?.string == "completed")
            let telling = try await told(stack, id)
            // The first try was broken off without a word.
            #expect(telling["attempts"]?.int == 2)
            #expect(Set(receiver.received("/dies").compactMap { $0.headers["webhook-id"] }).count == 1)
        }
    }

    @Test func `private addresses are not called, a receiver that is gone is told no more, operators see both`()
        async throws
    {
        let receiver = try WebhookReceiver { _, earlier in earlier == 0 ? 410 : 204 }
        defer { receiver.stop() }
        let settings = Self.settings.filter { !$0.hasPrefix("webhooks.allow") } + ["webhooks.allow_addresses=127.0.0.2"]
        try await Stack.with(settings) { stack in
            func hook(_ host: String, _ path: String) -> String {
                #","webhook_url":"http://\#(host):\#(receiver.port)\#(path)""#
            }
            let gone = try await stack.submit("a", more: hook("127.0.0.2", "/gone"))
            // A name: what it leads to is known when it is called.
            let inside = try await stack.submit("b", more: hook("localhost", "/inside"))
            let body = #"{"prompt":"c","model":"gpt-4o"\#(hook("127.0.0.1", "/inside"))}"#
            #expect(try await stack.post(stack.intake + "/v1/jobs", body).status == 400)
            #expect(try await told(stack, gone, "dead")["last_status_code"]?.int == 410)
            #expect(try await told(stack, inside, "dead")["last_error"]?.string == "address_not_allowed")
            #expect(receiver.received("/inside").isEmpty)

            let list = try await run(stack, "list", "--json")
            let dead = try list.split(separator: "\n").map { try JSONObject(parsing: Array($0.utf8)) }
            #expect(Set(dead.compactMap { $0["job"]?.string }) == [gone, inside])
            let id = try #require(dead.first { $0["job"]?.string == gone }?["id"]?.string)
            #expect(try await run(stack, "retry", id) == "1 sent again\n")
            _ = try await told(stack, gone)
            #expect(try await run(stack, "purge", "--all") == "1 purged\n")
            #expect(try await run(stack, "list", "--json").isEmpty)
            let metrics = try await stack.get("http://" + (stack.up.addresses("worker").last ?? "") + "/metrics")
            #expect(String(decoding: metrics.body, as: UTF8.self).contains("sluice_webhook_deliveries_total"))
            #expect(!stack.up.text.contains("/gone"), "a URL is in the log")
        }
    }

    /// What `sluice webhooks dead` writes.
    private func run(_ stack: Stack, _ arguments: String...) async throws -> String {
        let command = try SluiceProcess(
            ["webhooks", "dead"] + arguments + ["--url", stack.intake], in: stack.folder,
            log: "\(arguments.joined(separator: "-").prefix(20)).log")
        #expect(try await command.exit() == 0)
        return command.text
    }
}
