import CloudSecrets
import JobFlow
import LLMEndpoints
import Logging
import ServiceLifecycle
import Settings

/// How the endpoints of worker.json know this process: by a key, or by a token of Microsoft Entra ID.
struct EndpointCredentials: Sendable {
    /// Reads the settings again, with the secrets as they are now; nil if that failed.
    let load: @Sendable () async -> Settings?
    let tokens: EntraTokens
    let logger: Logger

    /// After a 401. Nil if it could not be had.
    func reread(_ endpoint: String) async -> Credential? {
        guard let endpoint = await load()?.pool.endpoints.first(where: { $0.name == endpoint }) else { return nil }
        return await credential(endpoint, isRefused: true)
    }

    func credential(_ endpoint: EndpointSettings, isRefused: Bool = false) async -> Credential? {
        guard endpoint.auth == .entra else { return Credential(endpoint) }
        do { return .bearer(try await tokens.token(isRefused: isRefused).text) } catch {
            logger.error("a token could not be had", metadata: ["endpoint": "\(endpoint.name)", "error": "\(error)"])
            return nil
        }
    }
}

/// Renews keys and tokens while the pool runs. What cannot be read stays as it is; calls under way keep what they began with.
struct CredentialRefresh: Service {
    /// Tokens are looked at so often; they are renewed minutes ahead of their end.
    private static let tokenPeriod = Duration.seconds(60)

    let credentials: EndpointCredentials
    let pool: EndpointPool
    let settings: Live<Settings>

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await every(Self.tokenPeriod) { await renewTokens(settings.current) } }
                let secrets = settings.current.secrets
                if secrets.source != .none {
                    group.addTask { await every(secrets.refresh) { await renewKeys() } }
                }
            }
        }
    }

    /// Before the first call, too.
    func renewTokens(_ settings: Settings) async { await renew(settings.pool.endpoints.filter { $0.auth == .entra }) }

    private func renewKeys() async {
        guard let settings = await credentials.load() else {
            return credentials.logger.warning("the secrets could not be read again; the last ones stay")
        }
        await renew(settings.pool.endpoints.filter { $0.auth == .apiKey })
    }

    private func renew(_ endpoints: [EndpointSettings]) async {
        for endpoint in endpoints {
            if let credential = await credentials.credential(endpoint) { pool.renew(credential, of: endpoint.name) }
        }
    }

    private func every(_ period: Duration, _ body: @Sendable () async -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: period)
            if !Task.isCancelled { await body() }
        }
    }
}
