import PoolSimulator
import Testing

@Suite struct ScenarioTests {
    private func read(_ text: String) throws(SimulatorProblem) -> SimulatorConfiguration {
        try SimulatorConfiguration(scenario: Array(text.utf8))
    }

    @Test func `a scenario sets endpoints and their behaviour`() throws {
        let configuration = try read(
            """
            {"seed":7,"endpoints":[
              {"name":"a","region":"eastus","deployments":["m"],"api_key":"k","latency_ms":12.5,"fail_next":[429,200],
               "tokens_per_minute":1000,"blackout":true},
              {"name":"b","region":"westeurope"}]}
            """)
        #expect(configuration.seed == 7)
        #expect(
            configuration.endpoints == [
                SimulatedEndpoint(
                    name: "a", region: "eastus", deployments: ["m"], apiKey: "k",
                    behaviour: EndpointBehaviour(
                        latencyMs: 12.5, tokensPerMinute: 1000, blackout: true, failNext: [429, 200])),
                SimulatedEndpoint(name: "b", region: "westeurope"),
            ])
    }

    @Test(arguments: [
        ("[]", ""), ("{\"sead\":1,\"endpoints\":[]}", "sead"), ("{\"seed\":-1,\"endpoints\":[]}", "seed"),
        ("{\"seed\":1}", "endpoints"), ("{\"endpoints\":[]}", "endpoints"), ("{\"endpoints\":[3]}", "endpoints[0]"),
        ("{\"endpoints\":[{\"name\":\"a\"}]}", "endpoints[0].region"),
        ("{\"endpoints\":[{\"name\":\"a b\",\"region\":\"r\"}]}", "endpoints[0].name"),
        ("{\"endpoints\":[{\"name\":\"_sim\",\"region\":\"r\"}]}", "endpoints[0].name"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\"},{\"name\":\"a\",\"region\":\"r\"}]}", "endpoints[1].name"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"deployments\":[1]}]}", "endpoints[0].deployments"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"latencyms\":1}]}", "endpoints[0].latencyms"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"latency_ms\":\"1\"}]}", "endpoints[0].latency_ms"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"error_rate\":1.5}]}", "endpoints[0].error_rate"),
        ("{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"fail_next\":[302]}]}", "endpoints[0].fail_next"),
        (
            "{\"endpoints\":[{\"name\":\"a\",\"region\":\"r\",\"tokens_per_minute\":0}]}",
            "endpoints[0].tokens_per_minute"
        ),
    ])
    func `what cannot be used is refused with its path`(text: String, path: String) {
        #expect(#expect(throws: SimulatorProblem.self) { try read(text) }?.path == path)
    }

    @Test func `the demo pool is usable and spans two regions`() async throws {
        let demo = SimulatorConfiguration.demo
        #expect(demo.endpoints.map(\.name) == ["eastus-ptu", "westeurope-ptu", "eastus-standard"])
        #expect(Set(demo.endpoints.map(\.region)).count == 2)
        try await withSimulator(demo.endpoints) { client async throws in
            #expect(try await client.stats()["calls"] as? Int == 0)
        }
    }
}
