import JobFlow
import JobRunner
import LLMEndpoints
import PoolRehearsal
import PoolSimulator
import Settings

extension RehearsalSetup {
    /// The fleet of worker.json against a pool with the capacities that it names.
    init(_ settings: Settings, _ options: PlanOptions, _ scenario: NamedScenario?, spill: SpillChoice) {
        let simulated = settings.pool.endpoints.map { SimulatedEndpoint($0, options) }
        self.init(
            pool: PoolConfiguration(settings),
            simulated: SimulatorConfiguration(
                endpoints: simulated, timeline: scenario?.timeline(for: simulated) ?? .empty),
            processes: settings.worker.processes, concurrency: settings.worker.concurrency,
            queues: settings.queues.map { queue in
                var weight = QueueWeight(queue)
                weight.spill = spill
                return weight
            },
            schedule: RetrySchedule(
                base: settings.retry.baseDelay, maximum: settings.retry.maxDelay, jitter: settings.retry.jitter))
    }
}

extension SimulatedEndpoint {
    private static let jitter = 0.2

    fileprivate init(_ endpoint: EndpointSettings, _ options: PlanOptions) {
        let configured = EndpointConfiguration(endpoint)
        let capacity = configured.capacity
        self.init(
            name: endpoint.name, region: endpoint.region.isEmpty ? "local" : endpoint.region,
            behaviour: EndpointBehaviour(
                latencyMs: options.latencyMs, msPerToken: options.msPerToken, jitter: Self.jitter,
                tokensPerMinute: capacity.map { Int(($0.tokensPerSecond * 60).rounded()) },
                tier: endpoint.tier == .ptu ? .ptu : .standard, outputWeight: capacity?.outputWeight ?? 1,
                burstSeconds: endpoint.burst.inSeconds, maxPromptTokens: configured.maxPromptTokens))
    }
}
