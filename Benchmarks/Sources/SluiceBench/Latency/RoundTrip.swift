import Curl
import JobFlow

/// Submits one job and waits for its result, as a client would, on a kept-alive connection.
struct RoundTrip: Sendable {
    let client: CurlClient
    let url: String
    let model: String
    let bytes: Int

    /// From before the POST is written until the answer of the GET has been read.
    func measure(_ number: Int) async throws -> Duration {
        let body = JSONWriter.object(capacity: bytes + 128) { json in
            json.member("prompt", Prompt.text(number, bytes: bytes))
            json.member("model", model)
        }
        let start = ContinuousClock.now
        let id = try await submit(body)
        let answer = try await read(id)
        let end = ContinuousClock.now
        try check(answer, id)
        return end - start
    }

    private func submit(_ body: [UInt8]) async throws -> String {
        let answer = try await client.send(
            CurlRequest(url: url + "/v1/jobs", headers: [("Content-Type", "application/json")], body: body))
        guard answer.status == 202, let id = try JSONObject(parsing: answer.body)["id"]?.string else {
            throw LoadError(message: "POST /v1/jobs answered \(answer.status)")
        }
        return id
    }

    private func read(_ id: String) async throws -> CurlResponse {
        try await client.send(CurlRequest(method: "GET", url: url + "/v1/jobs/\(id)?wait=30"))
    }

    private func check(_ answer: CurlResponse, _ id: String) throws {
        let status = answer.status == 200 ? try JSONObject(parsing: answer.body)["status"]?.string : nil
        guard status == "completed" else {
            throw LoadError(message: "\(id) has not completed: \(status ?? "answer \(answer.status)")")
        }
    }
}
