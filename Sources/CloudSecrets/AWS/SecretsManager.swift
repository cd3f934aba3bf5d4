import Curl
import JobFlow

/// AWS Secrets Manager: one secret that holds a JSON object of texts. libcurl signs the request (Signature Version 4).
package struct SecretsManager: Sendable {
    private let id: String
    private let region: String
    private let url: String
    private let chain: AWSCredentialChain
    private let http: CloudHTTP

    /// - Parameter endpoint: in place of AWS' own.
    package init(
        id: String, region: String, endpoint: String?, place: CloudPlace, chain: AWSCredentialChain, http: CloudHTTP
    ) {
        self.id = id
        self.region = region
        let host =
            endpoint ?? place["AWS_ENDPOINT_URL_SECRETS_MANAGER"] ?? "https://secretsmanager.\(region).amazonaws.com"
        url = host.hasSuffix("/") ? host : host + "/"
        self.chain = chain
        self.http = http
    }

    /// The texts by name.
    package func texts() async throws(CloudFault) -> [String: String] {
        let object = try await http.object(try await request(), from: "AWS Secrets Manager")
        guard let text = object["SecretString"]?.string else {
            throw CloudFault("the secret \(id) of AWS Secrets Manager holds no text")
        }
        guard let members = try? JSONObject(parsing: Array(text.utf8)) else {
            throw CloudFault("the secret \(id) of AWS Secrets Manager is no JSON object of texts")
        }
        var texts: [String: String] = [:]
        for (key, value) in members.members {
            guard let text = value.string else {
                throw CloudFault("'\(key)' in the secret \(id) of AWS Secrets Manager has to be a text")
            }
            texts[key] = text
        }
        return texts
    }

    private func request() async throws(CloudFault) -> CurlRequest {
        let credentials = try await chain.credentials()
        var headers = [
            (name: "Content-Type", value: "application/x-amz-json-1.1"),
            (name: "X-Amz-Target", value: "secretsmanager.GetSecretValue"),
        ]
        if let token = credentials.sessionToken { headers.append((name: "X-Amz-Security-Token", value: token)) }
        return CurlRequest(
            url: url, headers: headers, body: JSONWriter.object { $0.member("SecretId", id) },
            timeout: CloudHTTP.timeout,
            signature: CurlRequest.Signature(
                scope: "aws:amz:\(region):secretsmanager", key: credentials.accessKey, secret: credentials.secretKey))
    }
}
