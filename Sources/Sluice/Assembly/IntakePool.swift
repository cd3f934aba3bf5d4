import JobIntake
import Settings

// What the intake knows of the pool.

extension IntakeEndpoint {
    init(_ endpoint: EndpointSettings) {
        self.init(
            name: endpoint.name, region: endpoint.region, tier: endpoint.tier.rawValue, model: endpoint.model,
            deployment: endpoint.deployment, priority: endpoint.priority, weight: endpoint.weight, ptu: endpoint.ptu)
    }
}

extension TokenThreshold {
    init(_ threshold: TokenThresholdSettings) {
        self.init(
            name: threshold.name, endpoint: threshold.endpoint, model: threshold.model, queue: threshold.queue,
            tokens: threshold.tokens, hours: Int(threshold.per.components.seconds / 3600))
    }
}
