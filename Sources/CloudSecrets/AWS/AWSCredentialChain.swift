import Curl
package import JobFlow

/// AWS credentials, renewed ahead of their end. Old ones serve for as long as they are valid, should new ones not be had.
package actor AWSCredentialChain {
    private let place: CloudPlace
    private let region: String
    private let http: CloudHTTP
    private let now: WallClock
    private var current: AWSCredentials?

    package init(_ place: CloudPlace, region: String, http: CloudHTTP, now: @escaping WallClock) {
        self.place = place
        self.region = region
        self.http = http
        self.now = now
    }

    package func credentials() async throws(CloudFault) -> AWSCredentials {
        if let current, current.isFresh(at: now()) { return current }
        do throws(CloudFault) {
            let renewed = try await fetch(try AWSCredentialSource.find(place))
            current = renewed
            return renewed
        } catch {
            if let current, current.isValid(at: now()) { return current }
            throw error
        }
    }

    private func fetch(_ source: AWSCredentialSource) async throws(CloudFault) -> AWSCredentials {
        switch source {
        case .fixed(let credentials): return credentials
        case .webIdentity(let role, let file, let session):
            return try await assume(role, try place.token(in: file), session)
        case .container(let url, let token): return try await container(url, token)
        case .instance(let url): return try await instance(url)
        }
    }

    /// STS AssumeRoleWithWebIdentity: unsigned, answered in XML.
    private func assume(_ role: String, _ token: String, _ session: String) async throws(CloudFault) -> AWSCredentials {
        let fields = FormFields(fields: [
            ("Action", "AssumeRoleWithWebIdentity"), ("Version", "2011-06-15"), ("RoleArn", role),
            ("RoleSessionName", session), ("WebIdentityToken", token),
        ])
        let url = place["AWS_ENDPOINT_URL_STS"] ?? "https://sts.\(region).amazonaws.com"
        let response = try await http.send(
            CurlRequest(
                url: url + "/", headers: [FormFields.contentType], body: fields.bytes, timeout: CloudHTTP.timeout),
            to: "AWS STS")
        guard response.status == 200 else { throw CloudHTTP.refusal("AWS STS", response) }
        guard let credentials = AWSCredentials(xml: String(decoding: response.body, as: UTF8.self)) else {
            throw CloudFault("AWS STS answered without credentials", isRetriable: true)
        }
        return credentials
    }

    private func container(_ url: String, _ token: AWSCredentialSource.Token?) async throws(CloudFault)
        -> AWSCredentials
    {
        var headers = [(name: "Accept", value: "application/json")]
        switch token {
        case .text(let text): headers.append((name: "Authorization", value: text.trimmed))
        case .file(let path): headers.append((name: "Authorization", value: try place.token(in: path)))
        case nil: break
        }
        let service = "the container's credential service"
        let object = try await http.object(
            CurlRequest(method: "GET", url: url, headers: headers, timeout: CloudHTTP.timeout), from: service)
        return try Self.read(object, service)
    }

    /// Few of the machines that ask are instances: they are not to wait for long.
    private static let metadataTimeout = Duration.seconds(2)

    private func instance(_ url: String) async throws(CloudFault) -> AWSCredentials {
        let service = "the instance's metadata service"
        func request(_ method: String, _ path: String, _ header: (name: String, value: String)) -> CurlRequest {
            CurlRequest(
                method: method, url: url + "/latest/" + path, headers: [header], timeout: Self.metadataTimeout,
                connectTimeout: .seconds(1))
        }
        func text(_ request: CurlRequest) async throws(CloudFault) -> String {
            let response = try await http.send(request, to: service)
            guard response.status == 200 else { throw CloudHTTP.refusal(service, response) }
            return String(decoding: response.body, as: UTF8.self).trimmed
        }
        let token = try await text(request("PUT", "api/token", ("x-aws-ec2-metadata-token-ttl-seconds", "21600")))
        let header = (name: "x-aws-ec2-metadata-token", value: token)
        let path = "meta-data/iam/security-credentials/"
        let role = try await text(request("GET", path, header))
        let object = try await http.object(request("GET", path + role, header), from: service)
        return try Self.read(object, service)
    }

    private static func read(_ object: JSONObject, _ service: String) throws(CloudFault) -> AWSCredentials {
        guard let credentials = AWSCredentials(object) else {
            throw CloudFault("\(service) answered without credentials", isRetriable: true)
        }
        return credentials
    }
}
