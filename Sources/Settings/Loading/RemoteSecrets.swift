/// What a service that keeps secrets said, where `secrets.source` names one. Whoever loads the settings asks it before.
package enum RemoteSecrets: Sendable {
    case unread
    /// They are not needed for what the settings are read for; keys that refer to them stay empty.
    case unneeded
    case texts([String: String])
    case failed(String)
}

extension SecretsSettings {
    /// Whether the secrets have to be asked for over the network.
    package var isRemote: Bool { source == .awsSecretsManager }
}
