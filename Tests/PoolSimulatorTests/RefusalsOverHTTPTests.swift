import HTTPTypes
import PoolSimulator
import Testing

@Suite struct RefusalsOverHTTPTests {
    @Test func `a call without a key, or with the wrong one, gets a 401`() async throws {
        let endpoints = [
            SimulatedEndpoint(name: "one", region: "eastus"),
            SimulatedEndpoint(name: "two", region: "eastus", apiKey: "right"),
        ]
        try await withSimulator(endpoints) { client async throws in
            let path = "/one/v1/chat/completions"
            let none = try await client.send(.post, path, body: SimulatorClient.prompt, key: nil)
            #expect(none.status == 401)
            #expect(try none.error()["code"] as? String == "401")
            #expect(try await client.send(.post, path, body: SimulatorClient.prompt, key: "").status == 401)
            let bearer: HTTPFields = [.authorization: "Bearer right"]
            let token = try await client.send(
                .post, "/two/v1/chat/completions", body: SimulatorClient.prompt, headers: bearer, key: nil)
            #expect(token.status == 200)
            #expect(try await client.chat("two").status == 401)
        }
    }

    @Test func `an unknown deployment is DeploymentNotFound, a missing model and bad JSON are 400`() async throws {
        try await withSimulator { client async throws in
            let unknown = try await client.chat(body: SimulatorClient.prompt.replacing("gpt-4o", with: "gpt-2"))
            #expect(unknown.status == 404)
            #expect(try unknown.error()["code"] as? String == "DeploymentNotFound")
            let missing = try await client.chat(body: "{\"messages\":[]}")
            #expect(missing.status == 400)
            #expect(try missing.error()["param"] as? String == "model")
            let broken = try await client.chat(body: "{\"model\":\"gpt-4o\",")
            #expect(broken.status == 400)
            #expect(try broken.error()["type"] as? String == "invalid_request_error")
        }
    }

    @Test func `the markers bring Azure's refusals of a prompt`() async throws {
        try await withSimulator { client async throws in
            let filtered = try await client.chat(
                body: SimulatorClient.prompt.replacing("Why", with: "[[content_filter]]"))
            #expect(filtered.status == 400)
            let error = try filtered.error()
            #expect(error["code"] as? String == "content_filter")
            #expect(error["param"] as? String == "prompt")
            #expect(error["status"] as? Int == 400)
            let inner = try #require(error["innererror"] as? [String: Any])
            #expect(inner["code"] as? String == "ResponsibleAIPolicyViolation")
            let results = try #require(inner["content_filter_result"] as? [String: [String: Any]])
            #expect(results["violence"]?["filtered"] as? Bool == true)
            #expect(results["jailbreak"]?["detected"] as? Bool == false)

            let long = try await client.chat(body: SimulatorClient.prompt.replacing("Why", with: "[[context_length]]"))
            #expect(long.status == 400)
            #expect(try long.error()["code"] as? String == "context_length_exceeded")
        }
    }

    @Test func `unknown paths, endpoints and methods are refused and not counted`() async throws {
        try await withSimulator { client async throws in
            #expect(try await client.chat("nowhere").status == 404)
            #expect(try await client.send(.post, "/one/openai/other", body: "{}").status == 404)
            #expect(try await client.send(.get, "/one/v1/responses").status == 405)
            #expect(try await client.stats()["calls"] as? Int == 0)
        }
    }

    @Test func `a body beyond the limit is a 413`() async throws {
        try await withSimulator { client async throws in
            let body = "{\"model\":\"gpt-4o\",\"input\":\"\(String(repeating: "a", count: 17 << 20))\"}"
            #expect(try await client.send(.post, "/one/v1/responses", body: body).status == 413)
        }
    }
}
