package import JobFlow

/// One deployment of the pool, as worker.json describes it.
package struct EndpointConfiguration: Sendable, Equatable {
    package var name: String
    /// Scheme, host and path prefix, without a slash at the end.
    package var url: String
    /// The Azure deployment; nil for a gateway that speaks the plain OpenAI routes.
    package var deployment: String?
    /// The model it serves; nil serves every model.
    package var model: String?
    package var apiVersion: String?
    package var region: String
    package var tier: Tier
    /// What it takes; nil where that is not known and has to be felt out.
    package var capacity: EndpointCapacity?
    /// The longest prompt that it serves, in tokens; nil for no bound of its own.
    package var maxPromptTokens: Int?
    /// Lower numbers are used first; higher ones only when no lower one can take a call.
    package var priority: Int
    /// Share of the calls among endpoints of one priority.
    package var weight: Int
    package var credential: Credential
    /// For one whole call.
    package var timeout: Duration
    package var maxInflight: Int?

    package init(
        name: String, url: String, deployment: String? = nil, model: String? = nil, apiVersion: String? = nil,
        region: String = "", tier: Tier = .standard, capacity: EndpointCapacity? = nil, maxPromptTokens: Int? = nil,
        priority: Int = 0, weight: Int = 1, credential: Credential = .none, timeout: Duration = .seconds(120),
        maxInflight: Int? = nil
    ) {
        self.name = name
        self.url = url
        self.deployment = deployment
        self.model = model
        self.apiVersion = apiVersion
        self.region = region
        self.tier = tier
        self.capacity = capacity
        self.maxPromptTokens = maxPromptTokens
        self.priority = priority
        self.weight = weight
        self.credential = credential
        self.timeout = timeout
        self.maxInflight = maxInflight
    }

    package enum Tier: String, Sendable {
        /// Provisioned throughput: paid by the hour, used or not.
        case ptu
        /// Paid by the token.
        case standard

        /// Whether a call costs nothing more.
        var isPrepaid: Bool { self == .ptu }
    }

    /// How long a call may take that begins now.
    package func timeout(by deadline: Timestamp?, from now: Timestamp) -> Duration {
        deadline.map { max(.milliseconds(1), min(timeout, $0 - now)) } ?? timeout
    }

    /// Whether some prompt could go to either.
    func sharesModel(with other: EndpointConfiguration) -> Bool {
        guard let model, let theirs = other.model else { return true }
        return model == theirs || model == other.deployment || theirs == deployment
    }

    func serves(_ wanted: String?) -> Bool {
        guard let wanted, let model else { return true }
        return wanted == model || wanted == deployment
    }
}

/// How an endpoint knows us. Prints as redacted, so that no log line can carry it.
package enum Credential: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    case none
    /// Azure's `api-key` header.
    case apiKey(String)
    /// `Authorization: Bearer`.
    case bearer(String)

    package var description: String { self == .none ? "none" : "redacted" }
    package var debugDescription: String { description }
}

/// When the pool stops calling an endpoint, and for how long.
package struct PoolConfiguration: Sendable, Equatable {
    package var endpoints: [EndpointConfiguration]
    package var connectTimeout: Duration
    package var breaker: BreakerPolicy
    package var retryBudget: RetryBudgetPolicy
    /// How long an endpoint rests that refused our credentials or does not know its deployment.
    package var misconfiguredRest: Duration

    package init(
        endpoints: [EndpointConfiguration], connectTimeout: Duration = .seconds(5), breaker: BreakerPolicy = .init(),
        retryBudget: RetryBudgetPolicy = .init(), misconfiguredRest: Duration = .seconds(60)
    ) {
        self.endpoints = endpoints
        self.connectTimeout = connectTimeout
        self.breaker = breaker
        self.retryBudget = retryBudget
        self.misconfiguredRest = misconfiguredRest
    }
}
