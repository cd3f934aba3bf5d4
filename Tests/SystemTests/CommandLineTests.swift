import Foundation
import NIOHTTP1
import Testing

/// What a user reads when something is wrong.
@Suite(.timeLimit(.minutes(5)))
struct CommandLineTests {
    @Test func `a typo in the configuration is named with its path`() async throws {
        try await withFolder { folder in
            try #"{"worker":{"concurency":10}}"#.write(
                to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            let check = try SluiceProcess(["check", "--offline"], in: folder)
            #expect(try await check.exit() == 1)
            #expect(check.text.contains("worker.concurency"))
            #expect(check.text.contains("concurrency"))
        }
    }

    @Test func `check names each connection that fails`() async throws {
        try await withFolder { folder in
            let text = """
                {"redis":{"url":"redis://127.0.0.1:1/0"},"audit":{"path":"a.sqlite"},
                 "pool":{"endpoints":[{"name":"nowhere","url":"http://127.0.0.1:1"}]}}
                """
            try text.write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
            let check = try SluiceProcess(["check"], in: folder)
            #expect(try await check.exit() == 1)
            #expect(check.text.contains("fault  redis.url"))
            #expect(check.text.contains("fault  pool.endpoints[0] (nowhere)"))
            #expect(check.text.contains("ok     audit.path"))
        }
    }

    @Test func `check shows the key to the collector of traces, and nobody else`() async throws {
        try await RecordingServer.run({ _ in (401, "{}") }) { collector, url in
            try await withFolder { folder in
                let text = """
                    {"redis":{"url":"redis://127.0.0.1:1/0"},"audit":{"path":"a.sqlite"},
                     "telemetry":{"otlp_endpoint":"\(url)","otlp_headers":"api-key=geheim"}}
                    """
                try text.write(to: folder.appendingPathComponent("worker.json"), atomically: true, encoding: .utf8)
                let check = try SluiceProcess(["check", "--print"], in: folder)
                #expect(try await check.exit() == 1)
                #expect(check.text.contains("fault  telemetry.otlp_endpoint: answers 401; has telemetry.otlp_headers"))
                #expect(check.text.contains(#""otlp_headers": "redacted""#) && !check.text.contains("geheim"))
                #expect(collector.requests.map(\.uri) == ["/v1/traces"])
                #expect(collector.requests.first?.headers["api-key"] == ["geheim"])
            }
        }
    }

    @Test(arguments: [
        ["nonsense"], ["submit"], ["worker", "--set", "oops"], ["simulate", "--listen", "nowhere"],
        ["submit", "p.txt", "--parallel", "0"], ["job", "list"], ["job", "list", "--status", "completed"],
        ["job", "list", "--status", "failed", "--limit", "0"], ["dead", "retry"], ["dead", "purge", "job_x", "--all"],
        ["dead", "retry", "job_x", "--queue", "batch"], ["dead", "list", "--since", "yesterday"], ["queue", "pause"],
        ["audit", "query", "--job", "x"], ["audit", "query", "--limit", "0"], ["audit", "export", "--format", "xml"],
        ["audit", "verify", "--expect-head", "12"], ["audit", "prune", "--older-than", "soon"],
        ["audit", "merge", "a"],
        ["usage", "--hours", "49"], ["usage", "--by", "colour"],
    ])
    func `wrong use is told from failure by its exit code`(arguments: [String]) async throws {
        try await withFolder { folder in
            let program = try SluiceProcess(arguments, in: folder)
            #expect(try await program.exit() == 64)
            #expect(program.text.contains("Error:"))
        }
    }

    @Test(arguments: [
        [], ["up"], ["intake"], ["worker"], ["simulate"], ["submit"], ["job", "show"], ["job", "wait"],
        ["job", "cancel"], ["job", "retry"], ["job", "list"], ["dead", "list"], ["dead", "retry"], ["dead", "purge"],
        ["queue", "list"], ["queue", "pause"], ["queue", "resume"], ["usage"], ["audit", "query"],
        ["audit", "export"], ["audit", "verify"], ["audit", "prune"], ["audit", "merge"], ["audit", "reconcile"],
        ["check"],
    ])
    func `every command explains itself with an example`(command: [String]) async throws {
        try await withFolder { folder in
            let program = try SluiceProcess(command + ["--help"], in: folder)
            #expect(try await program.exit() == 0)
            #expect(program.text.contains("USAGE: sluice"))
            #expect(program.text.contains("sluice \((command + [""])[0])"))
        }
    }

    @Test(arguments: [
        ["audit", "query"], ["audit", "export"], ["audit", "verify"], ["audit", "prune", "--older-than", "1d"],
    ])
    func `an audit log that is not there is one line that says what to do`(arguments: [String]) async throws {
        try await withFolder { folder in
            let program = try SluiceProcess(arguments + ["--file", "missing.sqlite"], in: folder)
            #expect(try await program.exit() == 1)
            let advice = "there is no audit log; check audit.path, or start a worker first"
            #expect(program.text == "Error: missing.sqlite: \(advice)\n")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("missing.sqlite").path))
        }
    }

    @Test func `a missing file is one line that says so`() async throws {
        try await withFolder { folder in
            let program = try SluiceProcess(["submit", "missing.txt", "--text"], in: folder)
            #expect(try await program.exit() == 1)
            #expect(program.text == "Error: missing.txt: no such file, or not readable\n")
        }
    }
}
