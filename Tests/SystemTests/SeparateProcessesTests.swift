import Curl
import Foundation
import JobFlow
import TestKit
import Testing

/// Intake and workers started one by one against a Redis and a pool that exist already, as on a fleet.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct SeparateProcessesTests {
    @Test func `intake and workers run apart, and the intake waits for a redis that comes later`() async throws {
        try await withFolder { folder in
            let simulator = try SluiceProcess(
                ["simulate", "--listen", "127.0.0.1:0", "--scenario", try scenario(folder)], in: folder,
                log: "simulate.log")
            try await eventually("the simulator listens") { !simulator.addresses("simulate").isEmpty }
            let port = try freePort()
            try configuration(redis: port, pool: simulator.addresses("simulate")[0])
                .write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            let intake = try SluiceProcess(["intake", "--listen", "127.0.0.1:0"], in: folder, log: "intake.log")
            let worker = try SluiceProcess(["worker", "--processes", "2"], in: folder, log: "worker.log")
            try await eventually("intake and both workers listen") {
                !intake.addresses("intake").isEmpty && worker.addresses("worker").count == 2
            }
            let curl = try CurlClient()
            let url = "http://" + intake.addresses("intake")[0]
            #expect(try await curl.send(CurlRequest(method: "GET", url: url + "/health")).status == 503)

            let redis = try startRedis(port, in: folder)
            try await eventually("the intake is healthy") {
                try await curl.send(CurlRequest(method: "GET", url: url + "/health")).status == 200
            }
            let submitted = try await curl.send(
                CurlRequest(
                    url: url + "/v1/jobs", headers: [("content-type", "application/json")],
                    body: Array(#"{"prompt":"apart","model":"gpt-4o"}"#.utf8)))
            #expect(submitted.status == 202)
            let location = try #require(submitted.headers["location"])
            let job = try await curl.send(CurlRequest(method: "GET", url: url + location + "?wait=60"))
            #expect(try JSONObject(parsing: job.body)["status"]?.string == "completed")

            for process in [worker, intake, simulator] {
                process.signal(SIGTERM)
                #expect(try await process.exit() == 0)
            }
            curl.shutdown()
            stop(redis)
        }
    }

    @Test func `a key that was renewed after the start is read again when the old one is refused`() async throws {
        try await withFolder { folder in
            let scenario = #"{"endpoints":[{"name":"one","region":"eastus","deployments":["gpt-4o"],"api_key":"new"}]}"#
            try scenario.write(to: folder.appendingPathComponent("s.json"), atomically: true, encoding: .utf8)
            let simulator = try SluiceProcess(
                ["simulate", "--listen", "127.0.0.1:0", "--scenario", "s.json"], in: folder, log: "simulate.log")
            try await eventually("the simulator listens") { !simulator.addresses("simulate").isEmpty }
            let port = try freePort()
            let redis = try startRedis(port, in: folder)
            let secrets = folder.appendingPathComponent("secrets.json")
            try #"{"key":"old"}"#.write(to: secrets, atomically: true, encoding: .utf8)
            try configuration(redis: port, pool: simulator.addresses("simulate")[0])
                .replacing(#""api_key":"k""#, with: #""api_key":"${secret:key}""#)
                .replacing(#"{"redis""#, with: #"{"secrets":{"source":"file","id":"\#(secrets.path)"},"redis""#)
                .write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            let intake = try SluiceProcess(["intake", "--listen", "127.0.0.1:0"], in: folder, log: "intake.log")
            let worker = try SluiceProcess(["worker", "--processes", "2"], in: folder, log: "worker.log")
            try await eventually("intake and both workers listen") {
                !intake.addresses("intake").isEmpty && worker.addresses("worker").count == 2
            }
            try #"{"key":"new"}"#.write(to: secrets, atomically: true, encoding: .utf8)
            let curl = try CurlClient()
            let url = "http://" + intake.addresses("intake")[0]
            for number in 0..<10 {
                let submitted = try await curl.send(
                    CurlRequest(
                        url: url + "/v1/jobs", headers: [("content-type", "application/json")],
                        body: Array(#"{"prompt":"job \#(number)","model":"gpt-4o"}"#.utf8)))
                let location = try #require(submitted.headers["location"])
                let job = try await curl.send(
                    CurlRequest(method: "GET", url: url + location + "?wait=60", timeout: .seconds(70)))
                #expect(try JSONObject(parsing: job.body)["status"]?.string == "completed")
            }
            for process in [worker, intake, simulator] {
                process.signal(SIGTERM)
                #expect(try await process.exit() == 0)
            }
            #expect(worker.text.contains("a secret was read again after a 401"))
            #expect(!worker.text.contains(#""new""#) && !worker.text.contains(#""old""#))
            curl.shutdown()
            stop(redis)
        }
    }

    @Test func `a redis that may evict jobs is refused`() async throws {
        try await withFolder { folder in
            let port = try freePort()
            let redis = try startRedis(port, in: folder, more: ["--maxmemory-policy", "allkeys-lru"])
            try configuration(redis: port, pool: "127.0.0.1:1")
                .write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            let worker = try SluiceProcess(["worker"], in: folder)
            #expect(try await worker.exit() == 1)
            #expect(worker.text.contains("maxmemory-policy is allkeys-lru"))
            stop(redis)
        }
    }

    private func scenario(_ folder: URL) throws -> String {
        let text = #"{"endpoints":[{"name":"one","region":"eastus","deployments":["gpt-4o"],"latency_ms":5}]}"#
        try text.write(to: folder.appendingPathComponent("scenario.json"), atomically: true, encoding: .utf8)
        return "scenario.json"
    }

    private func configuration(redis: Int, pool: String) -> String {
        """
        {"redis":{"url":"redis://127.0.0.1:\(redis)/0"},"worker":{"listen":"127.0.0.1:0"},"audit":{"path":"audit.sqlite"},
         "pool":{"endpoints":[{"name":"one","url":"http://\(pool)/one","deployment":"gpt-4o","model":"gpt-4o",
                               "api_version":"2024-10-21","region":"eastus","api_key":"k"}]}}
        """
    }

    private func startRedis(_ port: Int, in folder: URL, more: [String] = []) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/redis-server")
        process.arguments =
            ["--port", "\(port)", "--bind", "127.0.0.1", "--dir", folder.path, "--appendonly", "yes"] + more
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// At once: a server that is asked politely would write to its folder first, and that is about to go.
    private func stop(_ redis: Process) {
        kill(redis.processIdentifier, SIGKILL)
        redis.waitUntilExit()
    }
}
