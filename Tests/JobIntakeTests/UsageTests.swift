import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct UsageTests {
    private let clock = ManualWallClock(noon)
    private let board: InMemoryPoolBoard

    init() { board = InMemoryPoolBoard(now: { [clock] in clock.now }) }

    private func use(_ endpoint: String, model: String = "gpt-4o", queue: String = "default", number: Int) async throws
    {
        let use = TokenUse(
            endpoint: endpoint, model: model, queue: queue, calls: 2, estimated: 100, prompt: 70, completion: 20,
            cached: 10)
        _ = try await board.exchange(PoolReport(process: "w", endpoints: [], usage: [use], usageNumber: number))
    }

    private func routes(
        _ board: (any PoolBoard)? = nil, _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let pool = PoolWatch(board: board ?? self.board, endpoints: [IntakeEndpoint(name: "east")])
        try await withRoutes(pool: pool, body)
    }

    @Test func `tokens are told by endpoint, model and queue, and all together`() async throws {
        try await use("west", model: "", queue: "batch", number: 1)
        try await use("east", number: 2)
        try await use("east", number: 3)
        try await routes { client in
            let response = try await client.get("/v1/usage")
            #expect(response.status == .ok)
            #expect(
                response.text == """
                    {"object":"list","hours":24,"data":[\
                    {"endpoint":"east","model":"gpt-4o","queue":"default","calls":4,"estimated_tokens":200,\
                    "prompt_tokens":140,"completion_tokens":40,"cached_tokens":20,"total_tokens":180},\
                    {"endpoint":"west","model":null,"queue":"batch","calls":2,"estimated_tokens":100,\
                    "prompt_tokens":70,"completion_tokens":20,"cached_tokens":10,"total_tokens":90}],\
                    "total":{"calls":6,"estimated_tokens":300,"prompt_tokens":210,"completion_tokens":60,\
                    "cached_tokens":30,"total_tokens":270}}
                    """)
        }
    }

    @Test func `hours are those of the clock, the running one first`() async throws {
        try await use("east", number: 1)
        clock.advance(by: .seconds(3_600))
        try await use("west", number: 2)
        try await routes { client in
            for (hours, calls) in [(1, 2), (2, 4), (48, 4)] {
                let json = try await client.get("/v1/usage?hours=\(hours)").json
                #expect(json["hours"]?.int == hours && json["total"]?.object?["calls"]?.int == calls)
            }
        }
    }

    @Test func `without any usage the list is empty`() async throws {
        try await routes { client in
            let text = try await client.get("/v1/usage?hours=1").text
            #expect(
                text == """
                    {"object":"list","hours":1,"data":[],"total":{"calls":0,"estimated_tokens":0,"prompt_tokens":0,\
                    "completion_tokens":0,"cached_tokens":0,"total_tokens":0}}
                    """)
        }
    }

    @Test(arguments: ["0", "49", "-1", "1.5", "", "ten", "nan", "0x10", "1e30", "1&hours=2"])
    func `hours that are none are refused by name`(hours: String) async throws {
        try await routes { client in
            let response = try await client.get("/v1/usage?hours=\(hours)")
            #expect(response.status == .badRequest)
            #expect(response.problem?["param"]?.string == "hours")
            #expect(response.header("x-should-retry") == "false")
        }
    }

    @Test func `a board that cannot be reached is a 503, and no other method is known`() async throws {
        try await routes(AbsentBoard()) { client in
            let response = try await client.get("/v1/usage")
            #expect(response.status == .serviceUnavailable)
            #expect(response.problem?["code"]?.string == "queue_unavailable")
            #expect(try await client.post("/v1/usage").status == .methodNotAllowed)
        }
    }
}

/// Nobody answers.
struct AbsentBoard: PoolBoard {
    private var away: StoreError { StoreError(.unavailable, "away") }

    func exchange(_ report: PoolReport) async throws(StoreError) -> PoolStanding { throw away }
    func standings(of endpoints: [String]) async throws(StoreError) -> [EndpointStanding] { throw away }
    func usage(hours: Int) async throws(StoreError) -> [TokenUse] { throw away }
    func drain(_ endpoint: String, _ isDrained: Bool) async throws(StoreError) { throw away }
    func listen(onChange: @escaping @Sendable (EndpointStanding) -> Void, onGap: @escaping @Sendable () -> Void) async {
    }
}
