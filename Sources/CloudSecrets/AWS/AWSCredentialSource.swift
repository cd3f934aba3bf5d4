/// Where AWS credentials come from. The first that the place names, in the order of the official SDKs: environment, web
/// identity, shared file, container, instance (AWS SDKs and Tools Reference Guide, "Standardized credential providers").
enum AWSCredentialSource: Sendable, Equatable {
    case fixed(AWSCredentials)
    /// IAM roles for service accounts.
    case webIdentity(role: String, tokenFile: String, session: String)
    /// ECS, EKS Pod Identity.
    case container(url: String, token: Token?)
    /// IMDSv2.
    case instance(url: String)

    enum Token: Sendable, Equatable {
        case text(String)
        case file(String)
    }

    static func find(_ place: CloudPlace) throws(CloudFault) -> AWSCredentialSource {
        if let access = place["AWS_ACCESS_KEY_ID"], let secret = place["AWS_SECRET_ACCESS_KEY"] {
            return .fixed(
                AWSCredentials(accessKey: access, secretKey: secret, sessionToken: place["AWS_SESSION_TOKEN"]))
        }
        if let role = place["AWS_ROLE_ARN"], let file = place["AWS_WEB_IDENTITY_TOKEN_FILE"] {
            return .webIdentity(role: role, tokenFile: file, session: place["AWS_ROLE_SESSION_NAME"] ?? "sluice")
        }
        if let shared = try SharedCredentials.read(place) { return .fixed(shared) }
        if let container = try container(place) { return container }
        return .instance(url: place["AWS_EC2_METADATA_SERVICE_ENDPOINT"] ?? "http://169.254.169.254")
    }

    private static func container(_ place: CloudPlace) throws(CloudFault) -> AWSCredentialSource? {
        let token =
            place["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"].map(Token.file)
            ?? place["AWS_CONTAINER_AUTHORIZATION_TOKEN"].map(Token.text)
        if let path = place["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            return .container(url: "http://169.254.170.2" + path, token: token)
        }
        guard let url = place["AWS_CONTAINER_CREDENTIALS_FULL_URI"] else { return nil }
        guard url.hasPrefix("https://") || isNear(url) else {
            throw CloudFault(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI is plain http to a host that is not this machine's")
        }
        return .container(url: url, token: token)
    }

    /// Hosts to which plain http may be spoken: loopback, and where ECS and EKS listen.
    private static func isNear(_ url: String) -> Bool {
        guard url.hasPrefix("http://") else { return false }
        let authority = url.dropFirst("http://".count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@") else { return false }
        let host =
            authority.hasPrefix("[")
            ? authority.prefix { $0 != "]" } + "]" : authority.prefix { $0 != ":" }
        let isLoopback = host == "localhost" || host == "[::1]" || isLoopbackAddress(host)
        return isLoopback || ["169.254.170.2", "169.254.170.23", "[fd00:ec2::23]"].contains(String(host))
    }

    private static func isLoopbackAddress(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// The files that `aws configure` writes.
enum SharedCredentials {
    /// Nil if there are none.
    static func read(_ place: CloudPlace) throws(CloudFault) -> AWSCredentials? {
        let path =
            place["AWS_SHARED_CREDENTIALS_FILE"] ?? place["HOME"].map { $0 + "/.aws/credentials" }
        guard let path, let text = place.text(of: path) else { return nil }
        let profile = place["AWS_PROFILE"] ?? "default"
        let values = section(profile, of: text)
        guard let access = values["aws_access_key_id"], let secret = values["aws_secret_access_key"] else {
            guard place["AWS_PROFILE"] != nil else { return nil }
            throw CloudFault("\(path) has no aws_access_key_id and aws_secret_access_key for the profile \(profile)")
        }
        return AWSCredentials(accessKey: access, secretKey: secret, sessionToken: values["aws_session_token"])
    }

    private static func section(_ name: String, of text: String) -> [String: String] {
        var values: [String: String] = [:]
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline).map({ String($0).trimmed }) {
            if line.hasPrefix("[") {
                isInside = line == "[\(name)]" || line == "[profile \(name)]"
            } else if isInside, !line.hasPrefix("#"), let sign = line.firstIndex(of: "=") {
                values[String(line[..<sign]).trimmed] = String(line[line.index(after: sign)...]).trimmed
            }
        }
        return values
    }
}
