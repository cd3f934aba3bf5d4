import HTTPTypes
import PoolSimulator
import Testing

@Suite struct TiersOverHTTPTests {
    private func pair(_ first: EndpointBehaviour, _ second: EndpointBehaviour) -> [SimulatedEndpoint] {
        [
            SimulatedEndpoint(name: "one", region: "eastus", behaviour: first),
            SimulatedEndpoint(name: "two", region: "westus", behaviour: second),
        ]
    }

    private func number(_ reply: Reply, _ header: String) -> Int? { reply.header(header).flatMap { Int($0) } }

    @Test func `a standard endpoint that is full says what is left and when it is whole again`() async throws {
        let behaviour = EndpointBehaviour(tokensPerMinute: 20, tier: .standard, requestsPerMinute: 600)
        try await withSimulator(pair(behaviour, behaviour)) { client async throws in
            // Were the minute over between two calls, the third would still find it full.
            var reply = try await client.chat()
            #expect(reply.status == 200)
            for _ in 0..<2 where reply.status == 200 { reply = try await client.chat() }
            #expect(reply.status == 429)
            #expect(reply.header("x-ratelimit-limit-tokens") == "20")
            #expect(reply.header("x-ratelimit-remaining-tokens") == "0")
            #expect(reply.header("x-ratelimit-limit-requests") == "600")
            #expect((0..<100).contains(try #require(number(reply, "x-ratelimit-remaining-requests"))))
            #expect((1...60).contains(try #require(number(reply, "x-ratelimit-reset-tokens"))))
            #expect((1...10).contains(try #require(number(reply, "x-ratelimit-reset-requests"))))
            let wait = try #require(number(reply, "retry-after-ms"))
            #expect((1...60_000).contains(wait))
            #expect(number(reply, "retry-after") == (wait + 999) / 1000)
            let message = try #require(try reply.error()["message"] as? String)
            #expect(message.contains("exceeded token rate limit"))
            #expect(try await client.counts()["throttled"] as? Int == 1)
        }
    }

    @Test func `a provisioned endpoint has no windows to tell of`() async throws {
        try await withSimulator { client async throws in
            let reply = try await client.chat()
            #expect(reply.header("x-ratelimit-reset-tokens") == nil)
            #expect(reply.header("x-ratelimit-reset-requests") == nil)
        }
    }

    @Test func `a busy flex endpoint has no capacity, an idle one says who served`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"tier\":\"flex\",\"flex_busy\":1,\"retry_after_ms\":3000}")
            let busy = try await client.chat()
            #expect(busy.status == 429)
            #expect(busy.header("retry-after-ms") == "3000")
            #expect(try #require(try busy.error()["message"] as? String).contains("no capacity"))
            _ = try await client.change("one", "{\"flex_busy\":0}")
            #expect(try await client.chat().object()["service_tier"] as? String == "flex")
            let response = try await client.send(
                .post, "/one/v1/responses", body: "{\"model\":\"gpt-4o\",\"input\":\"hi\"}")
            #expect(try response.object()["service_tier"] as? String == "flex")
            _ = try await client.change("one", "{\"tier\":\"standard\"}")
            #expect(try await client.chat().object()["service_tier"] == nil)
        }
    }

    @Test func `a spilled answer names both deployments, and the call's record both endpoints`() async throws {
        let endpoints = pair(
            EndpointBehaviour(throttleRate: 1, spillover: "two"), EndpointBehaviour(tier: .standard))
        try await withSimulator(endpoints) { client async throws in
            let job: HTTPFields = [HTTPField.Name("x-sluice-job-id")!: "j"]
            let reply = try await client.chat(headers: job)
            #expect(reply.status == 200)
            #expect(reply.header("x-ms-spillover-from-deployment") == "one")
            #expect(reply.header("x-ms-deployment-name") == "two")
            #expect(reply.header("x-ms-region") == "westus")
            #expect(try await client.counts("one")["spilled"] as? Int == 1)
            #expect(try await client.counts("two")["calls"] as? Int == 1)
            #expect(try await client.stats()["calls"] as? Int == 1)
            let calls = try await client.send(.get, "/_sim/jobs/j", key: nil).text
            #expect(calls.contains("\"endpoint\":\"one\""))
            #expect(calls.contains("\"served_by\":\"two\""))
        }
    }

    @Test func `when nobody takes it the first refusal comes back, with the reason of the second`() async throws {
        let endpoints = pair(
            EndpointBehaviour(throttleRate: 1, retryAfterMs: 4000, spillover: "two"),
            EndpointBehaviour(failNext: [503], tier: .standard))
        try await withSimulator(endpoints) { client async throws in
            let reply = try await client.chat()
            #expect(reply.status == 429)
            #expect(reply.header("retry-after-ms") == "4000")
            #expect(reply.header("x-ms-spillover-error") == "503")
            #expect(reply.header("x-ms-spillover-from-deployment") == nil)
        }
    }

    @Test func `the header of a request names its overflow`() async throws {
        let endpoints = pair(EndpointBehaviour(throttleRate: 1), EndpointBehaviour(tier: .standard))
        try await withSimulator(endpoints) { client async throws in
            let reply = try await client.chat(headers: [HTTPField.Name("x-ms-spillover-deployment")!: "two"])
            #expect(reply.status == 200)
            #expect(reply.header("x-ms-deployment-name") == "two")
        }
    }

    @Test func `only another endpoint can take the overflow`() async throws {
        try await withSimulator { client async throws in
            for target in ["\"one\"", "\"nowhere\"", "7"] {
                let reply = try await client.change("one", "{\"spillover\":\(target)}")
                #expect(reply.status == 400)
                #expect(try reply.error()["param"] as? String == "spillover")
            }
        }
    }

    @Test func `a prompt that is too long for the endpoint costs nothing`() async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"max_prompt_tokens\":5}")
            #expect(try await client.chat().status == 200)
            _ = try await client.change("one", "{\"max_prompt_tokens\":4}")
            let long = try await client.chat()
            #expect(long.status == 400)
            #expect(try long.error()["code"] as? String == "context_length_exceeded")
            let message = try #require(try long.error()["message"] as? String)
            #expect(message.contains("maximum context length is 4 tokens"))
            #expect(message.contains("resulted in 5 tokens"))
            #expect(try await client.counts()["tokens_admitted"] as? Int == 25)
        }
    }
}
