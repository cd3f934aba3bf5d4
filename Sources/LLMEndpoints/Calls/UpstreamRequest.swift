import Curl
import JobFlow

/// The HTTP request that carries a prompt to an endpoint. The client's bytes go out as they came, but for the model's name
/// where the endpoint knows it under another.
enum UpstreamRequest {
    static func request(
        _ prompt: Prompt, to endpoint: EndpointConfiguration, timeout: Duration, connectTimeout: Duration
    ) -> CurlRequest {
        CurlRequest(
            method: "POST", url: url(prompt.path, endpoint), headers: headers(prompt, endpoint),
            body: body(prompt, endpoint), timeout: timeout, connectTimeout: connectTimeout)
    }

    /// Azure serves chat, completions and embeddings below the deployment, and responses at the resource.
    static func url(_ path: UpstreamPath, _ endpoint: EndpointConfiguration) -> String {
        guard let deployment = endpoint.deployment else { return endpoint.url + path.rawValue }
        let route =
            path == .responses ? "/openai/responses" : "/openai/deployments/\(deployment)/\(path.operation)"
        return endpoint.url + route + (endpoint.apiVersion.map { "?api-version=\($0)" } ?? "")
    }

    private static func headers(_ prompt: Prompt, _ endpoint: EndpointConfiguration) -> [(name: String, value: String)]
    {
        var headers: [(name: String, value: String)] = [
            ("content-type", "application/json"),
            ("accept", prompt.isStreamed ? "text/event-stream" : "application/json"),
            ("x-request-id", prompt.correlationID),
            ("x-ms-client-request-id", prompt.correlationID), ("x-sluice-job-id", prompt.job.description),
            ("x-sluice-attempt", String(prompt.attempt)),
        ]
        if let trace = prompt.trace {
            headers.append((TraceContext.header, trace.traceparent))
            if let state = trace.state { headers.append((TraceContext.stateHeader, state)) }
        }
        if let header = header(endpoint.credential) { headers.append(header) }
        return headers
    }

    private static func header(_ credential: Credential) -> (name: String, value: String)? {
        switch credential {
        case .none: nil
        case .apiKey(let key): ("api-key", key)
        case .bearer(let token): ("authorization", "Bearer " + token)
        }
    }

    /// A request for the list of models.
    static func look(at endpoint: EndpointConfiguration, timeout: Duration) -> CurlRequest {
        let path = endpoint.deployment == nil ? "/v1/models" : "/openai/models?api-version=2024-10-21"
        return CurlRequest(
            method: "GET", url: endpoint.url + path, headers: header(endpoint.credential).map { [$0] } ?? [], body: [],
            timeout: timeout, connectTimeout: timeout)
    }

    /// The model in the body has to be the deployment's name on the routes that do not carry it in their path.
    private static func body(_ prompt: Prompt, _ endpoint: EndpointConfiguration) -> [UInt8] {
        guard prompt.path == .responses, let deployment = endpoint.deployment,
            let object = try? JSONObject(parsing: prompt.body)
        else { return prompt.isStreamed ? IncludeUsage.asking(prompt) : prompt.body }
        let member = JSONWriter.object { $0.member("model", deployment) }.dropFirst().dropLast()
        let models = object.members.filter { $0.key == "model" }.map(\.value.raw)
        var body = prompt.body
        // From the back, so that the ranges in front stay true.
        for raw in models.reversed() {
            body.replaceSubrange(raw.startIndex..<raw.endIndex, with: member.dropFirst("\"model\":".utf8.count))
        }
        if models.isEmpty, let brace = body.firstIndex(of: UInt8(ascii: "{")) {
            body.insert(contentsOf: member + (object.members.isEmpty ? [] : [UInt8(ascii: ",")]), at: brace + 1)
        }
        return body
    }
}
