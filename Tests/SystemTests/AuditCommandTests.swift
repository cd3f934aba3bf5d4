import Foundation
import JobFlow
import Testing

/// `sluice audit …` on a log that two workers and an intake write meanwhile.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct AuditCommandTests {
    @Test func `what workers write is queried, exported and verified, and a change by hand is named`() async throws {
        try await Stack.with { stack in
            async let ids = stack.run(60)
            // While they write: some state in between.
            #expect(try await stack.audit(["verify"]).code == 0)
            #expect(try await stack.audit(["export", "--output", "early.jsonl"]).code == 0)
            let jobs = try await ids

            let verified = try await stack.audit(["verify", "--json"]).text
            let report = try JSONObject(parsing: Array(verified.utf8))
            #expect(report["rows"]?.int == 60)
            let head = try #require(report["head"]?.string)

            #expect(try await stack.audit(["export", "--output", "all.jsonl"]).code == 0)
            #expect(try stack.lines("all.jsonl").map { try $0.string("job") }.sorted() == jobs.sorted())
            #expect(try stack.lines("early.jsonl").count <= 60)
            let csv = try await stack.audit(["export", "--format", "csv", "--job", jobs[0]]).text.split(separator: "\n")
            #expect(csv.count == 2 && csv[0].hasPrefix("row,job,queue,") && csv[1].contains(",\(jobs[0]),"))
            let table = try await stack.audit(["query", "--job", jobs[1], "--outcome", "completed", "--since", "1h"])
                .text
            #expect(table.split(separator: "\n").count == 2 && table.contains(jobs[1]))
            #expect(try await stack.audit(["query", "--until", "1h", "--json"]).text.isEmpty)

            try stack.edit("UPDATE attempts SET billed = 'no' WHERE job = '\(jobs[2])'")
            let broken = try await stack.audit(["verify", "--expect-head", head])
            #expect(broken.code == 1)
            #expect(broken.text.contains("(job \(jobs[2]), attempt 1) was changed"))
            let other = String(repeating: "0", count: 64)
            #expect(
                try await stack.audit(["verify", "--expect-head", other]).text.contains("no seal has the hash \(other)")
            )
        }
    }

    @Test func `pruning goes on beside the workers and leaves a log that is verified`() async throws {
        try await Stack.with { stack in
            _ = try await stack.run(40)
            let head = try await stack.head()
            async let ids = stack.run(40)
            let pruned = try await stack.audit(["prune", "--older-than", "0s"])
            #expect(pruned.code == 0)
            let rows = try #require(pruned.text.split(separator: " ").first.flatMap { Int($0) })
            #expect(rows >= 40)
            _ = try await ids
            let verified = try await stack.audit(["verify"])
            #expect(verified.code == 0, "\(verified.text)")
            #expect(verified.text.contains("pruned    up to row"))
            #expect(try await stack.audit(["export"]).text.split(separator: "\n").count == 80 - rows)
            // Nothing is as old as worker.json has it.
            #expect(try await stack.audit(["prune"]).text == "0 attempts deleted\n")
            #expect(try await stack.head() != head)
        }
    }

    @Test func `logs of two machines are merged while they are written, and once only`() async throws {
        try await Stack.with { a in
            try await Stack.with { b in
                _ = try await (a.run(20), b.run(20))
                let logs = [a, b].map { $0.folder.appendingPathComponent("var/audit.sqlite").path }
                let merge = ["merge"] + logs + ["--output", "fleet.sqlite"]
                let first = try await a.audit(merge)
                #expect(first.text.components(separatedBy: ": 20 attempts added").count == 3, "\(first.text)")
                async let more = b.run(10)
                #expect(try await a.audit(merge).code == 0)
                _ = try await more
                #expect(try await a.audit(merge).code == 0)
                #expect(try await a.audit(merge).text.components(separatedBy: ": 0 attempts added").count == 3)
                let heads = [try await a.head(), try await b.head()].flatMap { ["--expect-head", $0] }
                // An auditor has the file, and no worker.json.
                let verified = try await a.audit(["verify", "--file", "fleet.sqlite", "--config", "none.json"] + heads)
                #expect(verified.code == 0, "\(verified.text)")
                #expect(verified.text.contains("20 as they were written") && verified.text.contains("30 as they were"))
                #expect(
                    try await a.audit(["export", "--file", "fleet.sqlite"]).text.split(separator: "\n").count == 50)
                let use = try SluiceProcess(
                    ["intake", "--listen", "127.0.0.1:0", "--set", "audit.path=fleet.sqlite"], in: a.folder,
                    log: "wrong.log")
                #expect(try await use.exit() == 1)
                #expect(use.text.contains("set audit.path to a file of this machine"))
            }
        }
    }
}

extension Stack {
    /// So many prompts, until all have ended. Returns the ids of their jobs.
    fileprivate func run(_ count: Int) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count { ids.append(try await submit("question \(number)")) }
        for id in ids { _ = try await ended(id) }
        return ids
    }

    fileprivate func audit(_ arguments: [String]) async throws -> (code: Int32, text: String) {
        let process = try SluiceProcess(["audit"] + arguments, in: folder, log: "audit-\(UUID()).log")
        return (try await process.exit(), process.text)
    }

    fileprivate func head() async throws -> String {
        let text = try await audit(["verify", "--json"]).text
        return try #require(try JSONObject(parsing: Array(text.utf8))["head"]?.string)
    }

    fileprivate func lines(_ file: String) throws -> [JSONObject] {
        try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8).split(separator: "\n")
            .map { try JSONObject(parsing: Array($0.utf8)) }
    }

    /// As somebody with the file at hand.
    fileprivate func edit(_ sql: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/sqlite3")
        process.arguments = [
            "-cmd", ".timeout 20000", folder.appendingPathComponent("var/audit.sqlite").path, sql,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }
}

extension JSONObject {
    fileprivate func string(_ name: String) throws -> String { try #require(self[name]?.string) }
}
