/// Where `${secret:name}` is looked up.
package struct SecretsSettings: Sendable, Equatable {
    package enum Source: String, Sendable, CaseIterable {
        case none
        /// `id` is a JSON file of texts, or a folder with one file a secret.
        case file
        case awsSecretsManager = "aws-secrets-manager"
    }

    package var source = Source.none
    package var id = "prod/llm-config"
    package var region = "us-east-1"
    package var endpoint: String?
    package var refresh: Duration = .seconds(300)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("source", .choice(of: Source.self), \.source),
        KeySpec("id", .text, \.id),
        KeySpec("region", .text, \.region),
        KeySpec("endpoint", .httpURL, \.endpoint),
        KeySpec("refresh", .duration(.seconds(1) ... .days(1)), \.refresh),
    ]
}
