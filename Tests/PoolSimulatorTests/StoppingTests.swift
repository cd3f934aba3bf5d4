import HummingbirdTesting
import Logging
import PoolSimulator
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct StoppingTests {
    private struct Hosted: Service {
        let simulator: PoolSimulator
        let ports: AsyncStream<Int>.Continuation

        func run() async throws {
            try await simulator.run { ports.yield($0) }
        }
    }

    @Test func `a graceful shutdown answers calls in their delay, drops hanging ones, and ends`() async throws {
        let endpoints = [
            SimulatedEndpoint(name: "slow", region: "eastus", behaviour: EndpointBehaviour(latencyMs: 600_000)),
            SimulatedEndpoint(name: "stuck", region: "eastus", behaviour: EndpointBehaviour(hangRate: 1)),
        ]
        let (ports, found) = AsyncStream<Int>.makeStream()
        let simulator = PoolSimulator(
            configuration: SimulatorConfiguration(endpoints: endpoints), logger: .quiet)
        let group = ServiceGroup(services: [Hosted(simulator: simulator, ports: found)], logger: .quiet)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            for await port in ports.prefix(1) {
                let client = SimulatorClient(port: port)
                async let slow = client.chat("slow")
                async let stuck = try? client.chat("stuck")
                try await client.waitFor("inflight", of: "slow", toBe: 1)
                try await client.waitFor("inflight", of: "stuck", toBe: 1)
                await group.triggerGracefulShutdown()
                #expect(try await slow.status == 200)
                #expect(await stuck == nil)
            }
            try await tasks.waitForAll()
        }
    }

    @Test func `a cancelled simulator ends without an error, whatever hangs in it`() async throws {
        let behaviour = EndpointBehaviour(hangRate: 1)
        let endpoint = SimulatedEndpoint(name: "one", region: "eastus", behaviour: behaviour)
        let callers = Mutex<[TestClient]>([])
        try await withSimulator([endpoint]) { client async throws in
            let caller = TestClient(host: "127.0.0.1", port: client.port)
            caller.connect()
            callers.withLock { $0 = [caller] }
            try await caller.executeAndDontWaitForResponse(.chat)
            try await client.waitFor("inflight", toBe: 1)
        }
        for caller in callers.withLock({ $0 }) { try await caller.shutdown() }
    }

    @Test func `an unusable configuration is refused before anything listens`() async {
        let twins = [SimulatedEndpoint(name: "a", region: "r"), SimulatedEndpoint(name: "a", region: "r")]
        let simulator = PoolSimulator(configuration: SimulatorConfiguration(endpoints: twins), logger: .quiet)
        await #expect(throws: SimulatorProblem.self) { try await simulator.run { _ in } }
    }

    @Test func `a taken port is an error`() async throws {
        try await withSimulator { client async throws in
            let second = PoolSimulator(
                configuration: SimulatorConfiguration(
                    port: client.port, endpoints: [SimulatedEndpoint(name: "a", region: "r")]), logger: .quiet)
            await #expect(throws: (any Error).self) { try await second.run { _ in } }
        }
    }
}
