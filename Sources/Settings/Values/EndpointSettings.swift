/// One upstream endpoint of the pool.
package struct EndpointSettings: Sendable, Equatable {
    package enum Tier: String, Sendable, CaseIterable { case ptu, standard }

    package var name: String
    /// `http` or `https`, may have a path, never a query or a password.
    package var url: String
    /// The Azure deployment; nil means the plain OpenAI paths.
    package var deployment: String?
    /// The model that it serves; nil serves any.
    package var model: String?
    package var apiVersion: String?
    package var region = ""
    package var tier = Tier.standard
    /// Lower comes first; the next one is used when the one before cannot take a job.
    package var priority = 0
    /// Its share among endpoints of the same priority.
    package var weight = 1
    /// Provisioned throughput units.
    package var ptu: Int?
    package var apiKey: Secret?
    /// Of one call, from the first byte sent to the last received.
    package var timeout: Duration = .seconds(120)
    package var maxInflight: Int?

    package init(name: String, url: String) {
        self.name = name
        self.url = url
    }

    static let keys: [KeySpec<Self>] = [
        KeySpec("name", .name, \.name, isRequired: true),
        KeySpec("url", .httpURL, \.url, isRequired: true),
        KeySpec("deployment", .text, \.deployment),
        KeySpec("model", .text, \.model),
        KeySpec("api_version", .text, \.apiVersion),
        KeySpec("region", .anyText, \.region),
        KeySpec("tier", .choice(of: Tier.self), \.tier),
        KeySpec("priority", .integer(0...1000), \.priority),
        KeySpec("weight", .integer(1...1000), \.weight),
        KeySpec("ptu", .integer(1...1_000_000), \.ptu),
        KeySpec("api_key", .secret, \.apiKey),
        KeySpec("timeout", .duration(.milliseconds(1) ... .days(1)), \.timeout),
        KeySpec("max_inflight", .integer(1...100_000), \.maxInflight),
    ]
}
