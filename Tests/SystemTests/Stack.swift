import Curl
import Foundation
import JobFlow
import Testing

/// `sluice up --embedded` as a user runs it, on free ports: redis-server, simulator, intake, two workers.
struct Stack: Sendable {
    let up: SluiceProcess
    let folder: URL
    let intake: String
    let simulator: String
    let curl: CurlClient

    static func with<Result>(
        _ settings: [String] = [], _ body: (Stack) async throws -> Result
    ) async throws -> Result {
        try await withFolder { folder in
            let worker = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("worker.json")
            try FileManager.default.copyItem(at: worker, to: folder.appendingPathComponent("worker.json"))
            let fixed = [
                "intake.listen=127.0.0.1:0", "worker.listen=127.0.0.1:0", "log.format=json", "log.level=debug",
            ]
            let up = try SluiceProcess(
                ["up", "--embedded"] + (fixed + settings).flatMap { ["--set", $0] }, in: folder)
            do {
                let stack = try await Stack(up, folder)
                let result = try await body(stack)
                try await stack.stop()
                return result
            } catch {
                up.signal(SIGTERM)
                _ = try? await up.exit()
                Issue.record("log of the stack: \(up.text.suffix(6000))")
                throw error
            }
        }
    }

    private init(_ up: SluiceProcess, _ folder: URL) async throws {
        self.up = up
        self.folder = folder
        curl = try CurlClient()
        try await eventually("all servers listen") {
            !up.addresses("intake").isEmpty && !up.addresses("simulate").isEmpty && up.addresses("worker").count >= 2
        }
        intake = "http://" + (up.addresses("intake").last ?? "")
        simulator = "http://" + (up.addresses("simulate").last ?? "")
        try await eventually("the intake is healthy") { try await get(intake + "/health").status == 200 }
        try await calm()
    }

    /// Every process of the stack has to end by itself, with success, when it is asked to.
    private func stop() async throws {
        let children = Self.children(of: up.pid)
        up.signal(SIGTERM)
        #expect(try await up.exit() == 0)
        for child in children { #expect(kill(child, 0) != 0, "a child outlived sluice up") }
        curl.shutdown()
    }

    /// The pool without its ordinary-day faults: a test brings its own.
    func calm() async throws {
        try await behave(
            #"{"latency_ms":0,"ms_per_token":0,"jitter":0,"error_rate":0,"throttle_rate":0,"hang_rate":0}"#)
    }

    func behave(_ behaviour: String, endpoints: [String] = ["eastus-ptu", "westeurope-ptu", "eastus-standard"])
        async throws
    {
        for endpoint in endpoints {
            let response = try await post(simulator + "/_sim/endpoints/" + endpoint, behaviour)
            #expect(response.status == 200)
        }
    }

    /// Submits one prompt; returns the id of its job.
    func submit(_ prompt: String, more: String = "") async throws -> String {
        let response = try await post(intake + "/v1/jobs", #"{"prompt":"\#(prompt)","model":"gpt-4o"\#(more)}"#)
        try #require(response.status == 202, "\(String(decoding: response.body, as: UTF8.self))")
        return try #require(try JSONObject(parsing: response.body)["id"]?.string)
    }

    /// The job object, when it has ended.
    func ended(_ id: String, at intake: String? = nil, within limit: Duration = .seconds(90)) async throws -> JSONObject
    {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            let response = try await get((intake ?? self.intake) + "/v1/jobs/\(id)?wait=5")
            guard response.status == 200 else { continue }
            let job = try JSONObject(parsing: response.body)
            if let state = job["status"]?.string.flatMap(JobState.init), state.isTerminal { return job }
        }
        throw SluiceProcess.Failure(description: "\(id) never ended")
    }

    func ledger(_ id: String) async throws -> [Attempt] {
        let list = try JSONObject(parsing: try await get(intake + "/v1/jobs/\(id)/attempts").body)
        return try #require(list["data"]?.array).compactMap { $0.object.flatMap(Attempt.init) }
    }

    func statistics() async throws -> JSONObject {
        try JSONObject(parsing: try await get(simulator + "/_sim/stats").body)
    }

    /// The sum of one number over all endpoints, for example of `client_aborts`.
    func count(_ read: (JSONObject) -> Int?) async throws -> Int {
        let endpoints = try await statistics()["by_endpoint"]?.object
        return (endpoints?.members ?? []).compactMap { $0.value.object.flatMap(read) }.reduce(0, +)
    }

    func get(_ url: String) async throws -> CurlResponse {
        try await curl.send(CurlRequest(method: "GET", url: url, timeout: .seconds(70)))
    }

    func post(_ url: String, _ body: String, headers: [(name: String, value: String)] = []) async throws -> CurlResponse
    {
        try await curl.send(
            CurlRequest(
                method: "POST", url: url, headers: [("content-type", "application/json")] + headers,
                body: Array(body.utf8), timeout: .seconds(30)))
    }

    /// Pids of a role's processes, from what the supervisor logged.
    func workers() -> [pid_t] { Self.children(of: up.pid, command: "worker") }

    static func children(of parent: pid_t, command: String? = nil) -> [pid_t] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.filter { pid in
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let line = try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8),
                let behindName = stat.lastIndex(of: ")")
            else { return false }
            let fields = stat[behindName...].split(separator: " ")
            guard fields.count > 2, pid_t(fields[2]) == parent else { return false }
            return command.map { line.split(separator: "\0").dropFirst().first == Substring($0) } ?? true
        }
    }
}
