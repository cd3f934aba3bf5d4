import Curl
import Foundation
import JobFlow

extension ChaosRig {
    var workers: [pid_t] { Stack.children(of: up.pid, command: "worker").sorted() }

    func get(_ path: String, timeout: Duration = .seconds(20)) async throws(CurlError) -> CurlResponse {
        try await curl.send(CurlRequest(method: "GET", url: intakeURL + path, timeout: timeout))
    }

    func post(_ path: String, _ body: String = "", headers: [(name: String, value: String)] = [])
        async throws(CurlError) -> CurlResponse
    {
        try await curl.send(
            CurlRequest(
                method: "POST", url: intakeURL + path, headers: [("content-type", "application/json")] + headers,
                body: Array(body.utf8), timeout: .seconds(10)))
    }

    func behave(_ behaviour: String, endpoints: [String] = ChaosConfiguration.endpoints) async throws {
        for endpoint in endpoints {
            let response = try await curl.send(
                CurlRequest(
                    method: "POST", url: simulatorURL + "/_sim/endpoints/" + endpoint, body: Array(behaviour.utf8)))
            guard response.status == 200 else {
                throw SluiceProcess.Failure(description: "\(String(decoding: response.body, as: UTF8.self))")
            }
        }
    }

    /// Every call that the simulator has seen, by job.
    func simulatedCalls() async throws -> [String: [SimulatedCall]] {
        let response = try await curl.send(CurlRequest(method: "GET", url: simulatorURL + "/_sim/calls"))
        let calls = try JSONValue(parsing: response.body).array?.compactMap { $0.object.flatMap(SimulatedCall.init) }
        return Dictionary(grouping: calls ?? [], by: \.job)
    }

    func simulatorStats() async throws -> JSONObject {
        let response = try await curl.send(CurlRequest(method: "GET", url: simulatorURL + "/_sim/stats"))
        return try JSONObject(parsing: response.body)
    }

    /// `sluice_settlements_lost_total` of the worker at an address.
    func settlementsLost(_ worker: String) async throws -> Int {
        let response = try await curl.send(CurlRequest(method: "GET", url: "http://\(worker)/metrics"))
        let lines = String(decoding: response.body, as: UTF8.self).split(separator: "\n")
        let line = lines.first { $0.hasPrefix("sluice_settlements_lost_total ") }
        return line?.split(separator: " ").last.flatMap { Double($0) }.map { Int($0) } ?? 0
    }
}
