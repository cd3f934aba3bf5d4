/// An endpoint of worker.json, as far as clients are told of it: never its URL or key.
package struct IntakeEndpoint: Sendable, Equatable {
    package var name: String
    package var region: String
    package var tier: String
    package var model: String?
    package var deployment: String?
    package var priority: Int
    package var weight: Int
    package var ptu: Int?

    package init(
        name: String, region: String = "", tier: String = "standard", model: String? = nil, deployment: String? = nil,
        priority: Int = 0, weight: Int = 1, ptu: Int? = nil
    ) {
        self.name = name
        self.region = region
        self.tier = tier
        self.model = model
        self.deployment = deployment
        self.priority = priority
        self.weight = weight
        self.ptu = ptu
    }

    func serves(_ wanted: String?) -> Bool {
        guard let wanted, let model else { return true }
        return wanted == model || wanted == deployment
    }
}
