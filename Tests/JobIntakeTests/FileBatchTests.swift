import HTTPTypes
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite(.timeLimit(.minutes(5))) struct FileBatchTests {
    @Test func `every line ends in the output or the error file`() async throws {
        let store = makeStore()
        try await withFiles(store: store) { client, _ in
            let id = try await client.batch("\u{feff}" + batchLines(4))
            let running = try await client.batch(id, is: "in_progress")
            #expect(running["request_counts"]?.object?["total"]?.int == 4)
            let claims = try await claims(4, store)
            #expect(Set(claims.map(\.spec.queue)) == ["batch"])
            #expect(claims.allSatisfy { $0.spec.deadline == noon + .seconds(86_400) })
            for claim in claims.prefix(3) { try await store.complete(claim, body: "{\"a\":\n1}") }
            try await store.fail(claims[3])
            let batch = try await client.batch(id, is: "completed")
            #expect(batch["request_counts"]?.object?["completed"]?.int == 3)
            #expect(batch["request_counts"]?.object?["failed"]?.int == 1)
            let output = try await client.lines(of: batch["output_file_id"])
            let errors = try await client.lines(of: batch["error_file_id"])
            let ids = (output + errors).compactMap { $0["custom_id"]?.string }.sorted()
            #expect(ids == ["c-1", "c-2", "c-3", "c-4"])
            #expect(output.allSatisfy { $0["response"]?.object?["status_code"]?.int == 200 })
            #expect(output.allSatisfy { $0["error"]?.isNull == true })
            #expect(errors.first?["error"]?.object?["code"]?.string == "content_filter")
            #expect(try await client.get("/openai/batches?limit=1").json["data"]?.array?.count == 1)
        }
    }

    @Test func `a file with faults fails, line by line`() async throws {
        try await withFiles { client, _ in
            let text = """
                {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}
                nonsense
                {"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"model":"gpt-4o"}}
                {"custom_id":"b","method":"POST","url":"/v1/embeddings","body":{"model":"gpt-4o"}}
                {"custom_id":"c","method":"POST","url":"/v1/chat/completions","body":{"model":"nobody"}}
                {"method":"POST","url":"/chat/completions","body":{"model":"gpt-4o"}}
                """
            let batch = try await client.batch(try await client.batch(text), is: "failed")
            let errors = try #require(batch["errors"]?.object?["data"]?.array).compactMap(\.object)
            #expect(errors.compactMap { $0["line"]?.int } == [2, 3, 4, 5, 6])
            #expect(
                errors.compactMap { $0["code"]?.string } == [
                    "invalid_json_line", "duplicate_custom_id", "url_mismatch", "model_not_found", "invalid_request",
                ])
            let empty = try await client.batch(try await client.batch("\n"), is: "failed")
            #expect(empty["errors"]?.object?["data"]?.array?.first?.object?["code"]?.string == "empty_file")
        }
    }

    @Test func `that a file has too many lines is told before what is wrong with them`() {
        var scan = BatchScan()
        for line in 1...BatchScan.maximumLines + 1 { scan.add(line, .failure(.body("no", code: "invalid_json"))) }
        scan.end()
        #expect(scan.faults.count == BatchScan.maximumFaults)
        #expect(scan.faults.first?.code == "too_many_tasks")
        #expect(scan.faults.dropFirst().allSatisfy { $0.code == "invalid_json_line" })
    }

    @Test func `a batch that an SDK sends again is the same, one that it sends anew is another`() async throws {
        try await withFiles { client, _ in
            let file = try #require(try await client.upload(batchLines(2)).json["id"]?.string)
            let body = #"{"input_file_id":"\#(file)","endpoint":"/v1/chat/completions","completion_window":"24h"}"#
            func send(_ retries: String) async throws -> String? {
                let headers: HTTPFields = [
                    .contentType: "application/json", HTTPField.Name("x-stainless-retry-count")!: retries,
                ]
                return try await client.post("/v1/batches", headers: headers, body: body).json["id"]?.string
            }
            let first = try await send("0")
            #expect(try await send("1") == first)
            // What is gone was there when it was sent first.
            #expect(try await client.delete("/v1/files/\(file)").status == .ok)
            #expect(try await send("2") == first)
            #expect(try await send("0") == nil)
            #expect(try await client.get("/v1/batches").json["data"]?.array?.count == 1)
        }
    }

    @Test func `a cancelled batch keeps what it has`() async throws {
        let store = makeStore()
        try await withFiles(store: store) { client, _ in
            let id = try await client.batch(batchLines(3))
            let claims = try await claims(3, store)
            try await store.complete(claims[0])
            let cancelled = try await client.post("/v1/batches/\(id)/cancel").json
            #expect(["cancelling", "cancelled"].contains(cancelled["status"]?.string))
            let batch = try await client.batch(id, is: "cancelled")
            #expect(try await client.lines(of: batch["output_file_id"]).count == 1)
            let errors = try await client.lines(of: batch["error_file_id"])
            #expect(
                errors.compactMap { $0["error"]?.object?["code"]?.string } == ["batch_cancelled", "batch_cancelled"])
            #expect(try await client.post("/v1/batches/\(id)/cancel").status == .ok)
        }
    }

    @Test func `what a cancelled batch ended is in the journal, and not brought back after a loss`() async throws {
        let (store, journal) = (makeStore(), makeJournal())
        try await withFiles(store: store, journal: journal) { client, _ in
            let id = try await client.batch(batchLines(3))
            let claims = try await claims(3, store)
            try await store.complete(claims[0])
            _ = try await client.post("/v1/batches/\(id)/cancel")
            _ = try await client.batch(id, is: "cancelled")
            for claim in claims.dropFirst() { #expect(try await journal.record(claim.spec.id)?.state == .cancelled) }
        }
    }

    @Test func `a batch that ended thirty days ago is forgotten, one that has not ended is not`() async throws {
        let clock = ManualWallClock(noon)
        try await withFiles(now: { clock.now }) { client, files in
            let failed = try await client.batch("nonsense")
            _ = try await client.batch(failed, is: "failed")
            let open = try await client.batch(batchLines(1), window: "7d")
            files.rack.sweep(at: noon + BatchRack.kept)
            #expect(try await client.get("/v1/batches/\(failed)").status == .ok)
            files.rack.sweep(at: noon + BatchRack.kept + .seconds(1))
            #expect(try await client.get("/v1/batches/\(failed)").status == .notFound)
            #expect(!files.folder.names().contains { $0.hasPrefix(failed) })
            #expect(try await client.get("/v1/batches/\(open)").status == .ok)
        }
    }

    @Test func `a batch whose window closes expires with what it has`() async throws {
        let clock = ManualWallClock(noon)
        let store = InMemoryJobStore(now: { clock.now })
        try await withFiles(store: store, now: { clock.now }) { client, _ in
            let id = try await client.batch(batchLines(3), window: "1h")
            let claims = try await claims(3, store)
            try await store.complete(claims[0])
            _ = try await client.batch(id, is: "in_progress")
            try await Task.sleep(for: .milliseconds(600))
            clock.advance(by: .seconds(3700))
            let batch = try await client.batch(id, is: "expired")
            #expect(try await client.lines(of: batch["output_file_id"]).count == 1)
            let errors = try await client.lines(of: batch["error_file_id"])
            #expect(errors.compactMap { $0["error"]?.object?["code"]?.string } == ["batch_expired", "batch_expired"])
        }
    }

    @Test func `what was cut off in the middle of a line is written again`() throws {
        let folder = try DiskFolder("/tmp/sluice-ledger-\(DiskFolder.unique())")
        let path = folder.path("out")
        let batch = BatchID("batch_300000000000000000")!
        func line(_ number: Int) -> BatchLine {
            BatchLine(expired: JobID(batch: batch, line: number, partition: 0), "c")
        }
        let file = try OpenFile(path, .append)
        var first = BatchLedger()
        first.errors = file
        try file.write(first.text([line(1), line(2)]).errors)
        try file.write(line(3).text.dropLast(5))
        var second = BatchLedger()
        second.errors = try OpenFile(path, .append)
        try second.load()
        #expect(second.written == [1, 2])
        #expect(second.hasExpired)
        try second.errors?.write(second.text([line(2), line(3)]).errors)
        second.wrote([line(2), line(3)])
        let text = String(decoding: try folder.read("out"), as: UTF8.self)
        #expect(text.split(separator: "\n").count == 3)
        #expect(second.failed == 3)
    }

    private func claims(_ count: Int, _ store: InMemoryJobStore) async throws -> [Claim] {
        var claims: [Claim] = []
        for _ in 0..<400 where claims.count < count {
            claims += try await store.claimAll()
            if claims.count < count { try await Task.sleep(for: .milliseconds(25)) }
        }
        return claims.sorted { $0.spec.id.line < $1.spec.id.line }
    }
}
