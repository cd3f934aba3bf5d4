import PoolSimulator
import Testing

@Suite struct SimulatorRouteTests {
    private static let calls: [(path: String, operation: ModelOperation, deployment: String?)] = [
        ("/e/openai/deployments/d/chat/completions?api-version=2024-10-21", .chat, "d"),
        ("/e/openai/v1/deployments/d/chat/completions?api-version=preview", .chat, "d"),
        ("/e/openai/deployments/d/embeddings", .embeddings, "d"),
        ("/e/openai/deployments/d/completions", .completions, "d"),
        ("/e/openai/v1/chat/completions", .chat, nil), ("/e/openai/v1/responses", .responses, nil),
        ("/e/openai/responses?api-version=x", .responses, nil), ("/e/v1/embeddings", .embeddings, nil),
        ("/e/v1/completions", .completions, nil), ("/e/v1/responses", .responses, nil),
    ]

    @Test(arguments: Self.calls)
    func `the paths of the official clients lead to a model`(
        path: String, operation: ModelOperation, deployment: String?
    ) {
        #expect(SimulatorRoute(path: path) == .model(endpoint: "e", operation: operation, deployment: deployment))
    }

    @Test(arguments: [
        "", "/", "/e", "/e/chat/completions", "/e/openai/chat/completions", "/e/openai/deployments",
        "/e/openai/deployments/d/responses", "/e/v1/deployments/d/chat/completions", "/e/v1/chat/completions/x",
        "/e/v1", "/?/v1/responses",
    ])
    func `other paths lead nowhere`(path: String) {
        #expect(SimulatorRoute(path: path) == .unknown)
    }

    @Test func `admin paths and model lists are told apart from calls`() {
        #expect(SimulatorRoute(path: "/_sim/endpoints/a?x=1") == .admin(["endpoints", "a"]))
        #expect(SimulatorRoute(path: "/e/openai/models?api-version=1") == .models(endpoint: "e"))
    }
}
