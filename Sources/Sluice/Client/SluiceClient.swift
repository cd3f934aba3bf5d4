import Curl
import JobFlow

/// The intake's API, as the commands use it.
struct SluiceClient: Sendable {
    let url: String
    let apiKey: String?
    let curl: CurlClient

    init(url: String, apiKey: String?) throws {
        self.url = url
        self.apiKey = apiKey
        curl = try CurlClient()
    }

    /// The job object; waits up to `wait` for its end.
    func job(_ id: String, wait: Duration = .zero) async throws -> JSONObject {
        try await object("GET", "/v1/jobs/\(id)?wait=\(Int(wait.inSeconds))", timeout: wait + .seconds(30))
    }

    func attempts(_ id: String) async throws -> [Attempt] {
        let list = try await object("GET", "/v1/jobs/\(id)/attempts")
        return (list["data"]?.array ?? []).compactMap { $0.object.flatMap(Attempt.init) }
    }

    /// One exchange, whatever comes of it.
    func exchange(
        _ method: String, _ path: String, body: [UInt8], headers: [(name: String, value: String)],
        timeout: Duration = .seconds(60)
    ) async throws(CurlError) -> CurlResponse {
        var request = CurlRequest(method: method, url: url + path, headers: headers, body: body, timeout: timeout)
        if let apiKey { request.headers.append(("authorization", "Bearer " + apiKey)) }
        return try await curl.send(request)
    }

    /// Sends a request until it is answered: a refusal that names a wait is waited out, a broken connection tried again.
    func object(
        _ method: String, _ path: String, body: [UInt8] = [], headers: [(name: String, value: String)] = [],
        timeout: Duration = .seconds(60)
    ) async throws -> JSONObject {
        let headers = headers + [("content-type", "application/json")]
        var failures = 0
        while true {
            do {
                let response = try await exchange(method, path, body: body, headers: headers, timeout: timeout)
                if 200..<300 ~= response.status { return try JSONObject(parsing: response.body) }
                let error = APIError(response)
                guard error.isRetriable else { throw error }
                try await Task.sleep(for: error.retryAfter)
            } catch let error as CurlError {
                failures += 1
                guard error.kind != .cancelled else { throw CancellationError() }
                guard failures < 6 else { throw PlainError("\(url): \(error)") }
                try await Task.sleep(for: .milliseconds(200) * failures)
            }
        }
    }
}

/// A refusal of the intake.
struct APIError: Error, CustomStringConvertible {
    let status: Int
    let code: String
    let message: String
    let retryAfter: Duration

    init(_ response: CurlResponse) {
        status = response.status
        let error = (try? JSONObject(parsing: response.body))?["error"]?.object
        code = error?["code"]?.string ?? ""
        message = error?["message"]?.string ?? "the answer is not one of Sluice"
        let wait = response.headers["retry-after-ms"].flatMap { Int($0) }
        retryAfter = .milliseconds(min(max(wait ?? 1000, 50), 120_000))
    }

    var isRetriable: Bool { status == 429 || status == 503 }

    var description: String { "\(status) \(code): \(message)" }
}
