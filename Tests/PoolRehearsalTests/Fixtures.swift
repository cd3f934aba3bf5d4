import JobFlow
import JobRunner
import LLMEndpoints
import PoolRehearsal
import PoolSimulator

/// Pools and backlogs for policy tests.
enum Fixtures {
    /// Weighted tokens a minute of one endpoint: two calls of `job` a second.
    static let tokensPerMinute = 96_000
    static let weight = 4.0
    /// What one call of `job` takes of a bucket: 400 + 4 × 100.
    static let cost = 800.0
    static let callsPerSecond = Double(tokensPerMinute) / 60 / cost

    static func endpoint(
        _ name: String, tier: EndpointConfiguration.Tier = .ptu, region: String = "", isMetered: Bool = true,
        maxPromptTokens: Int? = nil, priority: Int = 0
    ) -> EndpointConfiguration {
        let capacity = EndpointCapacity(tokensPerSecond: Double(tokensPerMinute) / 60, outputWeight: weight)
        return EndpointConfiguration(
            name: name, url: "http://\(name)", model: "gpt-4o", region: region, tier: tier,
            capacity: tier == .ptu && isMetered ? capacity : nil, maxPromptTokens: maxPromptTokens, priority: priority)
    }

    /// Behind an endpoint; a metered one has the capacity that the pool assumes.
    static func behaviour(of endpoint: EndpointConfiguration) -> EndpointBehaviour {
        EndpointBehaviour(
            latencyMs: 300, msPerToken: 7, jitter: 0.2,
            tokensPerMinute: endpoint.capacity.map { Int($0.tokensPerSecond * 60) },
            tier: endpoint.tier == .ptu ? .ptu : .standard, outputWeight: weight, burstSeconds: 10,
            maxPromptTokens: endpoint.maxPromptTokens)
    }

    static func setup(
        _ endpoints: [EndpointConfiguration], processes: Int = 3, spill: SpillChoice = .atDeadline, seed: UInt64 = 1,
        timeline: [Timeline.Change] = [], behaviour: (inout EndpointBehaviour) -> Void = { _ in }
    ) -> RehearsalSetup {
        let simulated = endpoints.map { endpoint in
            var changed = Self.behaviour(of: endpoint)
            behaviour(&changed)
            return SimulatedEndpoint(
                name: endpoint.name, region: endpoint.region.isEmpty ? "local" : endpoint.region, behaviour: changed)
        }
        return RehearsalSetup(
            pool: PoolConfiguration(endpoints: endpoints),
            simulated: SimulatorConfiguration(endpoints: simulated, seed: seed, timeline: Timeline(timeline)),
            processes: processes, queues: [QueueWeight(queue: "default", weight: 1, spill: spill)])
    }

    static func job(at arrival: Duration = .zero, deadline: Duration? = nil) -> RehearsedJob {
        RehearsedJob(
            arrival: arrival, deadline: deadline, model: "gpt-4o", promptTokens: 400, outputLimit: 150,
            outputTokens: 100)
    }

    /// So many at once.
    static func backlog(_ count: Int, deadline: Duration? = nil) -> [RehearsedJob] {
        Array(repeating: job(deadline: deadline), count: count)
    }

    /// So many a second, for so long; due some time after they came.
    static func stream(perSecond: Double, for time: Duration, from start: Duration = .zero, dueIn: Duration? = nil)
        -> [RehearsedJob]
    {
        (0..<Int(perSecond * time.inSeconds)).map { number in
            let arrival = start + .milliseconds(Int64(Double(number) * 1000 / perSecond))
            return job(at: arrival, deadline: dueIn.map { arrival + $0 })
        }
    }

    /// From `start` on, for so long.
    static func episode(
        _ endpoints: [String], _ fields: [String: AdminValue], after: [String: AdminValue], from start: Duration,
        for time: Duration
    ) -> [Timeline.Change] {
        endpoints.flatMap { name in
            [
                Timeline.Change(at: microseconds(start), endpoint: name, fields: fields),
                Timeline.Change(at: microseconds(start + time), endpoint: name, fields: after),
            ]
        }
    }

    static func blackout(_ endpoints: [String], from start: Duration, for time: Duration) -> [Timeline.Change] {
        episode(endpoints, ["blackout": .bool(true)], after: ["blackout": .bool(false)], from: start, for: time)
    }

    private static func microseconds(_ time: Duration) -> Int64 { time.wholeMilliseconds * 1000 }
}
