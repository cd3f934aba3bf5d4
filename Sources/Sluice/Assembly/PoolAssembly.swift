import LLMEndpoints
import Settings

extension PoolConfiguration {
    init(_ settings: Settings) {
        self.init(
            endpoints: settings.pool.endpoints.map(EndpointConfiguration.init),
            connectTimeout: settings.pool.connectTimeout,
            breaker: BreakerPolicy(
                failureThreshold: settings.breaker.failureThreshold, cooldown: settings.breaker.cooldown,
                longestCooldown: settings.breaker.maxCooldown, rate: settings.breaker.failureRate),
            retryBudget: RetryBudgetPolicy(
                ratio: settings.retry.budget, reserve: Double(settings.retry.budgetReserve)))
    }
}

extension EndpointConfiguration {
    /// PTU models refuse longer prompts, or bill them as something else (Microsoft, "Provisioned throughput", 2026).
    private static let longestProvisionedPrompt = 128_000

    init(_ endpoint: EndpointSettings) {
        let tier: Tier = endpoint.tier == .ptu ? .ptu : .standard
        self.init(
            name: endpoint.name, url: endpoint.url.hasSuffix("/") ? String(endpoint.url.dropLast()) : endpoint.url,
            deployment: endpoint.deployment, model: endpoint.model, apiVersion: endpoint.apiVersion,
            region: endpoint.region, tier: tier, capacity: EndpointCapacity(endpoint),
            maxPromptTokens: endpoint.maxPromptTokens ?? (tier == .ptu ? Self.longestProvisionedPrompt : nil),
            priority: endpoint.priority, weight: endpoint.weight, credential: Credential(endpoint),
            timeout: endpoint.timeout, maxInflight: endpoint.maxInflight)
    }
}

extension Credential {
    /// Azure takes its key in a header of its own; a gateway that speaks the plain OpenAI routes takes a bearer token.
    init(_ endpoint: EndpointSettings) {
        switch (endpoint.apiKey?.exposed, endpoint.deployment) {
        case (nil, _): self = .none
        case (let key?, nil): self = .bearer(key)
        case (let key?, .some): self = .apiKey(key)
        }
    }
}

extension EndpointCapacity {
    /// What worker.json says; else what follows from the units and the model; nil if neither is known.
    init?(_ endpoint: EndpointSettings) {
        let known = endpoint.model.flatMap { EndpointCapacity(model: $0, ptu: endpoint.ptu ?? 1) }
        let weight = endpoint.outputWeight ?? known?.outputWeight ?? 1
        if let tokens = endpoint.tokensPerMinute {
            self.init(tokensPerSecond: Double(tokens) / 60, outputWeight: weight, burst: endpoint.burst)
        } else if endpoint.ptu != nil, let known {
            self.init(tokensPerSecond: known.tokensPerSecond, outputWeight: weight, burst: endpoint.burst)
        } else {
            return nil
        }
    }
}
