import CloudSecrets
import Curl
import Foundation
import Settings

/// The way from this process to what a cloud keeps for it.
struct CloudAccess: Sendable {
    let place: CloudPlace
    let http: CloudHTTP

    init(_ curl: CurlClient) {
        place = CloudPlace(environment: ProcessInfo.processInfo.environment) { path in
            try? String(contentsOfFile: path, encoding: .utf8)
        }
        http = CloudHTTP(curl)
    }

    var tokens: EntraTokens { EntraTokens(place, http: http, now: SystemTime.now) }

    /// The secrets that the settings refer to; asks nobody where they are kept elsewhere.
    static func secrets(_ settings: SecretsSettings) async -> RemoteSecrets {
        guard settings.isRemote else { return .unread }
        do {
            let curl = try CurlClient()
            defer { curl.shutdown() }
            return .texts(try await CloudAccess(curl).manager(settings).texts())
        } catch { return .failed("\(error)") }
    }

    private func manager(_ settings: SecretsSettings) -> SecretsManager {
        let chain = AWSCredentialChain(place, region: settings.region, http: http, now: SystemTime.now)
        return SecretsManager(
            id: settings.id, region: settings.region, endpoint: settings.endpoint, place: place, chain: chain,
            http: http)
    }
}
