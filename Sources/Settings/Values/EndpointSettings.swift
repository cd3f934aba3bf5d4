/// One upstream endpoint of the pool.
package struct EndpointSettings: Sendable, Equatable {
    package enum Tier: String, Sendable, CaseIterable { case ptu, standard }

    package enum Auth: String, Sendable, CaseIterable {
        case apiKey = "api-key"
        /// Tokens of Microsoft Entra ID, for the identity that the environment names.
        case entra
    }

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
    /// Its capacity in weighted tokens, where it does not follow from `ptu` and the model.
    package var tokensPerMinute: Int?
    /// How often an output token counts in the capacity; nil: as the model's table says.
    package var outputWeight: Double?
    /// How much may be admitted at once after a rest, as time at full rate.
    package var burst: Duration = .seconds(10)
    /// Longer prompts go elsewhere; nil: 128,000 for tier ptu, no bound for others.
    package var maxPromptTokens: Int?
    /// How the endpoint knows us.
    package var auth = Auth.apiKey
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
        KeySpec("tokens_per_minute", .integer(1...1_000_000_000), \.tokensPerMinute),
        KeySpec("output_weight", .number(0...100), \.outputWeight),
        KeySpec("burst", .duration(.milliseconds(100) ... .seconds(60)), \.burst),
        KeySpec("max_prompt_tokens", .integer(1...10_000_000), \.maxPromptTokens),
        KeySpec("auth", .choice(of: Auth.self), \.auth),
        KeySpec("api_key", .secret, \.apiKey),
        KeySpec("timeout", .duration(.milliseconds(1) ... .days(1)), \.timeout),
        KeySpec("max_inflight", .integer(1...100_000), \.maxInflight),
    ]
}
