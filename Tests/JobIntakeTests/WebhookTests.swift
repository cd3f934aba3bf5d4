import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct `Webhooks at the intake` {
    private static var configuration: IntakeConfiguration {
        var configuration = defaultConfiguration
        configuration.partitions = 1
        configuration.webhooks = WebhookTerms(
            addresses: AddressRules(allowed: [NetworkRange("10.1.0.0/16")].compactMap(\.self)),
            responses: WebhookURL("https://all.example/responses"))
        return configuration
    }

    private static let take = WebhookTake(partition: 0, limit: 10, hostLimit: 10, lease: .seconds(60))

    private func body(_ url: String) -> String { #"{"prompt":"a","cache":false,"webhook_url":"\#(url)"}"# }

    @Test func `a job with a URL shows it, and at its end it is told`() async throws {
        let store = makeStore()
        try await withRoutes(Self.configuration, store: store) { client in
            let job = try await client.submit(body("https://example.com/hook?key=1"))
            #expect(job.status == .accepted)
            let webhook = try job.json["webhook"]
            #expect(
                webhook?.text == """
                    {"url":"https://example.com/hook?key=1","status":"waiting","attempts":0,"last_status_code":null,\
                    "last_error":null,"next_attempt_at":null,"deliveries":[]}
                    """)
            try await store.complete(try #require(try await store.claimAll().first))
            let claim = try #require(try await store.take(Self.take).claims.first)
            #expect(claim.event.url.description == "https://example.com/hook?key=1")
            let delivery = WebhookDelivery(
                number: 1, startedAt: noon, duration: .milliseconds(7), statusCode: 204)
            _ = try await store.report(WebhookReport(claim, .delivered, delivery))
            let told = try await client.get("/v1/jobs/\(claim.event.spec.id)").json["webhook"]?.object
            #expect(told?["status"]?.string == "delivered")
            #expect(
                told?["deliveries"]?.text == """
                    [{"number":1,"started_at":1795348800,"duration_ms":7,"status_code":204,"error":null}]
                    """)
        }
    }

    @Test func `without a key to sign with a URL is refused, and the error names the setting`() async throws {
        try await withRoutes { client in
            let response = try await client.submit(body("https://example.com/"))
            #expect(response.status == .badRequest)
            #expect(response.problem?["code"]?.string == "not_supported")
            #expect(response.problem?["param"]?.string == "webhook_url")
            #expect(response.problem?["message"]?.string?.contains("webhooks.secrets") == true)
            #expect(try await client.submit(#"{"prompt":"a","webhook_url":null}"#).status == .accepted)
        }
    }

    @Test(arguments: [
        ("ftp://example.com/", "invalid_value"), ("https://user:pw@example.com/", "invalid_value"),
        ("https://", "invalid_value"),
        ("https://example.com/" + String(repeating: "x", count: 2048), "invalid_value"),
        ("http://127.0.0.1/", "address_not_allowed"), ("http://169.254.169.254/latest/", "address_not_allowed"),
        ("http://[::1]:8080/", "address_not_allowed"), ("http://10.2.0.1/", "address_not_allowed"),
    ])
    func `a URL that cannot be called is refused`(url: String, code: String) async throws {
        try await withRoutes(Self.configuration) { client in
            let response = try await client.submit(body(url))
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == "webhook_url")
            if code == "address_not_allowed" { #expect(response.problem?["code"]?.string == code) }
        }
    }

    @Test func `an address that worker.json allows is taken`() async throws {
        try await withRoutes(Self.configuration) { client in
            let response = try await client.submit(body("http://10.1.2.3/"))
            #expect(response.status == .accepted)
        }
    }

    @Test func `another URL under the same key is another request`() async throws {
        try await withRoutes(Self.configuration) { client in
            func send(_ url: String) async throws -> TestResponse {
                try await client.submit(#"{"prompt":"a","webhook_url":"\#(url)","idempotency_key":"k"}"#)
            }
            let answers = [
                try await send("https://a.example/"), try await send("https://a.example/"),
                try await send("https://b.example/"),
            ]
            #expect(answers.map(\.status) == [.accepted, .ok, .conflict])
        }
    }

    @Test func `background responses are told where worker.json says, and no other job`() async throws {
        let store = makeStore()
        try await withRoutes(Self.configuration, store: store) { client in
            let background = #"{"model":"gpt-4o","input":"a","background":true}"#
            #expect(try await client.post("/v1/responses", body: background).status == .ok)
            let plain = #"{"url":"/v1/responses","body":{"model":"gpt-4o","input":"b"}}"#
            #expect(try await client.submit(plain).status == .accepted)
            let claims = try await store.claimAll()
            #expect(claims.map { $0.spec.webhook?.host } == ["all.example", nil])
        }
    }

    @Test func `dead webhooks are listed, sent again and forgotten`() async throws {
        let store = makeStore()
        try await withRoutes(Self.configuration, store: store) { client in
            for number in 1...3 { _ = try await client.submit(body("https://example.com/\(number)")) }
            for claim in try await store.claimAll() { try await store.complete(claim) }
            for claim in try await store.take(Self.take).claims {
                let delivery = WebhookDelivery(number: 1, startedAt: noon, duration: .zero, error: "timeout")
                _ = try await store.report(WebhookReport(claim, .dead, delivery))
            }
            let first = try await client.get("/v1/webhooks/dead?limit=2").json
            let ids = try #require(first["data"]?.array).compactMap { $0.object?["id"]?.string }
            try #require(ids.count == 2)
            #expect(first["has_more"]?.bool == true)
            #expect(first["data"]?.array?.first?.object?["last_error"]?.string == "timeout")
            let second = try await client.get("/v1/webhooks/dead?limit=2&after=\(ids[1])").json
            #expect(second["data"]?.array?.count == 1)
            #expect(second["has_more"]?.bool == false)
            #expect(try await client.post("/v1/webhooks/dead/\(ids[0])/retry").status == .ok)
            #expect(try await client.post("/v1/webhooks/dead/\(ids[0])/retry").status == .notFound)
            #expect(try await client.delete("/v1/webhooks/dead/\(ids[1])").status == .ok)
            #expect(try await client.delete("/v1/webhooks/dead/\(ids[1])").status == .notFound)
            #expect(try await client.get("/v1/webhooks/dead").json["data"]?.array?.count == 1)
            #expect(try await store.take(Self.take).claims.map(\.event.id.description) == [ids[0]])
        }
    }

    @Test(arguments: ["limit=0", "limit=101", "after=x", "order=up", "order=asc"])
    func `a wrong page is refused`(query: String) async throws {
        try await withRoutes(Self.configuration) { client in
            let response = try await client.get("/v1/webhooks/dead?\(query)")
            #expect(response.status == .badRequest)
        }
    }

    @Test func `a told job has no longer answer than allowed, and says so`() throws {
        var spec = Samples.spec()
        spec.webhook = WebhookURL("https://example.com/")
        let record = JobRecord(spec: spec, state: .completed, result: Samples.result())
        let whole = try JSONObject(parsing: JobObject.told(record, answersUpTo: 1000))
        #expect(whole["webhook"] == nil)
        #expect(whole["result"]?.object?["body"]?.object != nil)
        #expect(whole["result"]?.object?["body_omitted"] == nil)
        let short = try JSONObject(parsing: JobObject.told(record, answersUpTo: 3))
        #expect(short["result"]?.object?["body"]?.isNull == true)
        #expect(short["result"]?.object?["body_omitted"]?.bool == true)
        #expect(short["result"]?.object?["status_code"]?.int == 200)
    }
}
