/// One Azure OpenAI resource that does not exist: what it is called, what it serves and how it behaves at first.
package struct SimulatedEndpoint: Sendable, Equatable {
    /// What every simulated endpoint serves unless its scenario names something else.
    package static let usualDeployments = ["gpt-4o", "gpt-4o-mini", "text-embedding-3-small"]

    /// The first part of its path, `/{name}/…`. Letters, digits, `.`, `_` and `-`, at most 64.
    package var name: String
    /// What `x-ms-region` says.
    package var region: String
    /// The deployment (or model) names that are served; any other is answered with 404 `DeploymentNotFound`.
    package var deployments: [String]
    /// The one key that is accepted. `nil`: any non-empty key is.
    package var apiKey: String?
    package var behaviour: EndpointBehaviour

    package init(
        name: String, region: String, deployments: [String] = Self.usualDeployments, apiKey: String? = nil,
        behaviour: EndpointBehaviour = EndpointBehaviour()
    ) {
        self.name = name
        self.region = region
        self.deployments = deployments
        self.apiKey = apiKey
        self.behaviour = behaviour
    }

    /// Names go into paths, headers and JSON as they are, so they are kept to characters that are safe in all three.
    static func isUsableName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
