import Curl

/// Who this process is to Microsoft Entra ID, and how it shows that. Prints as redacted.
package enum EntraIdentity: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible {
    case clientSecret(tenant: String, client: String, secret: String)
    /// A token of the platform's, read from a file for every exchange: AKS workload identity, and EKS by a federated credential.
    case workload(tenant: String, client: String, tokenFile: String)
    /// App Service, Container Apps.
    case appService(url: String, header: String, client: String?)
    /// The machine's own metadata service.
    case machine(url: String, client: String?)

    /// For Azure OpenAI.
    package static let resource = "https://cognitiveservices.azure.com"

    package var description: String { "redacted" }
    package var debugDescription: String { description }

    /// In the order of Azure's DefaultAzureCredential: client secret, workload, managed identity.
    package static func find(_ place: CloudPlace) -> EntraIdentity {
        let client = place["AZURE_CLIENT_ID"]
        if let tenant = place["AZURE_TENANT_ID"], let client {
            if let secret = place["AZURE_CLIENT_SECRET"] {
                return .clientSecret(tenant: tenant, client: client, secret: secret)
            }
            if let file = place["AZURE_FEDERATED_TOKEN_FILE"] {
                return .workload(tenant: tenant, client: client, tokenFile: file)
            }
        }
        if let url = place["IDENTITY_ENDPOINT"], let header = place["IDENTITY_HEADER"] {
            return .appService(url: url, header: header, client: client)
        }
        return .machine(url: place["AZURE_POD_IDENTITY_AUTHORITY_HOST"] ?? "http://169.254.169.254", client: client)
    }

    func request(_ place: CloudPlace) throws(CloudFault) -> CurlRequest {
        switch self {
        case .clientSecret(let tenant, let client, let secret):
            return Self.exchange(place, tenant, client, [("client_secret", secret)])
        case .workload(let tenant, let client, let file):
            let proof = [
                ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
                ("client_assertion", try place.token(in: file)),
            ]
            return Self.exchange(place, tenant, client, proof)
        case .appService(let url, let header, let client):
            return Self.ask(url, "2019-08-01", client, (name: "X-IDENTITY-HEADER", value: header))
        case .machine(let url, let client):
            return Self.ask(
                url + "/metadata/identity/oauth2/token", "2018-02-01", client, (name: "Metadata", value: "true"))
        }
    }

    private static func exchange(
        _ place: CloudPlace, _ tenant: String, _ client: String, _ proof: [(String, String)]
    ) -> CurlRequest {
        let host = place["AZURE_AUTHORITY_HOST"] ?? "https://login.microsoftonline.com"
        let fields = [("client_id", client), ("grant_type", "client_credentials"), ("scope", resource + "/.default")]
        return CurlRequest(
            url: "\(host.hasSuffix("/") ? String(host.dropLast()) : host)/\(tenant.formEncoded)/oauth2/v2.0/token",
            headers: [FormFields.contentType], body: FormFields(fields: fields + proof).bytes,
            timeout: CloudHTTP.timeout)
    }

    private static func ask(
        _ url: String, _ version: String, _ client: String?, _ header: (name: String, value: String)
    ) -> CurlRequest {
        let query =
            "api-version=\(version)&resource=\(resource.formEncoded)"
            + (client.map { "&client_id=\($0.formEncoded)" } ?? "")
        return CurlRequest(
            method: "GET", url: "\(url)?\(query)", headers: [header], timeout: CloudHTTP.timeout,
            connectTimeout: .seconds(2))
    }
}
