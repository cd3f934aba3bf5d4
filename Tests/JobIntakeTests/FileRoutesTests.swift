import HTTPTypes
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite struct FileRoutesTests {
    @Test(arguments: ["/v1", "/openai", "/openai/v1"]) func `a file is kept, read and deleted`(prefix: String)
        async throws
    {
        try await withFiles { client, _ in
            let text = batchLines(3) + "\n"
            let file = try await client.upload(text, prefix: prefix).json
            let id = try #require(file["id"]?.string)
            #expect(file["object"]?.string == "file")
            #expect(file["bytes"]?.int == text.utf8.count)
            #expect(file["filename"]?.string == "in.jsonl")
            #expect(file["status"]?.string == "processed")
            #expect(
                try await client.get("\(prefix)/files/\(id)?api-version=1").text
                    == String(decoding: file.raw, as: UTF8.self))
            #expect(try await client.get("\(prefix)/files/\(id)/content").text == text)
            let list = try await client.get("\(prefix)/files?purpose=batch&limit=5").json
            #expect(list["data"]?.array?.count == 1)
            #expect(try await client.get("\(prefix)/files?purpose=other").json["data"]?.array?.count == 0)
            #expect(try await client.delete("\(prefix)/files/\(id)").json["deleted"]?.bool == true)
            #expect(try await client.get("\(prefix)/files/\(id)").status == .notFound)
        }
    }

    @Test func `what is no batch file is refused, and leaves nothing`() async throws {
        try await withFiles(limits: FileLimits(fileBytes: 100)) { client, files in
            #expect(try await client.upload("x", purpose: "user_data").problem?["param"]?.string == "purpose")
            #expect(try await client.upload(String(repeating: "x", count: 101)).status == .contentTooLarge)
            let short = try await client.upload("x", more: [("expires_after[seconds]", "60")])
            #expect(short.problem?["param"]?.string == "expires_after[seconds]")
            let unanchored = try await client.upload("x", more: [("expires_after[anchor]", "null")])
            #expect(unanchored.problem?["param"]?.string == "expires_after[anchor]")
            let json = try await client.post("/v1/files", headers: [.contentType: "application/json"], body: "{}")
            #expect(json.status == .unsupportedMediaType)
            #expect(files.folder.names().isEmpty)
        }
    }

    @Test(arguments: ["expires_after[seconds]", "expires_after.seconds"])
    func `a file expires when it was to`(name: String) async throws {
        try await withFiles { client, _ in
            let file = try await client.upload("x", more: [("expires_after[anchor]", "created_at"), (name, "3600")])
                .json
            #expect(file["expires_at"]?.int == Int(noon.milliseconds / 1000) + 3600)
        }
    }

    @Test func `files of somebody else are none`() async throws {
        func key(_ name: String, _ scopes: Set<Caller.Scope>) throws -> IntakeKey {
            IntakeKey(
                caller: Caller(name: name, scopes: scopes),
                digest: try #require(IntakeKey.digest(of: IntakeKey.hash(name))))
        }
        let keys = [try key("ann", [.submit, .read]), try key("bob", [.submit, .read]), try key("root", [.admin])]
        try await withFiles(keys: keys) { client, _ in
            func headers(_ name: String) -> HTTPFields { [.authorization: "Bearer \(name)"] }
            let id = try #require(try await client.upload("x", headers: headers("ann")).json["id"]?.string)
            #expect(try await client.get("/v1/files/\(id)", headers: headers("ann")).status == .ok)
            #expect(try await client.get("/v1/files/\(id)/content", headers: headers("bob")).status == .notFound)
            #expect(try await client.get("/v1/files", headers: headers("bob")).json["data"]?.array?.count == 0)
            #expect(try await client.get("/v1/files/\(id)", headers: headers("root")).status == .ok)
            #expect(try await client.get("/v1/files/..%2f\(id)", headers: headers("ann")).status == .notFound)
        }
    }

    @Test func `a file that an SDK sends again is the same, one that it sends anew is another`() async throws {
        let clock = ManualWallClock(noon)
        try await withFiles(now: { clock.now }) { client, files in
            func send(_ text: String, _ retries: String) async throws -> String {
                let headers: HTTPFields = [HTTPField.Name("x-stainless-retry-count")!: retries]
                return try #require(try await client.upload(text, headers: headers).json["id"]?.string)
            }
            let first = try await send("x", "0")
            #expect(try await send("x", "1") == first)
            #expect(try await send("x", "2") == first)
            #expect(try await send("y", "1") != first)
            #expect(try await send("x", "0") != first)
            #expect(try await client.get("/v1/files").json["data"]?.array?.count == 3)
            #expect(!files.folder.names().contains { $0.hasSuffix(".tmp") })
            let third = try await send("z", "0")
            clock.advance(by: SentBefore.kept)
            #expect(try await send("z", "1") != third)
        }
    }

    @Test func `no more files are taken than may be stored`() async throws {
        try await withFiles(limits: FileLimits(files: 2, bytes: 2000)) { client, files in
            let first = try #require(try await client.upload("x").json["id"]?.string)
            #expect(try await client.upload(String(repeating: "x", count: 1900)).status.code == 507)
            #expect(try await client.upload("y").status == .ok)
            let refused = try await client.upload("z")
            #expect(refused.status.code == 507 && refused.problem?["code"]?.string == "files_full")
            #expect(refused.headers[HTTPField.Name("x-should-retry")!] == "false")
            #expect(try await client.delete("/v1/files/\(first)").status == .ok)
            #expect(try await client.upload("z").status == .ok)
        }
    }

    @Test func `a file that does not say is kept for thirty days, what was never finished for one`() async throws {
        try await withFiles { client, files in
            let file = try await client.upload("x").json
            #expect(file["expires_at"]?.int == Int(noon.milliseconds / 1000) + 30 * 86_400)
            for name in ["upload-1.tmp", "file-0.data"] { try files.folder.replace(name, []) }
            let written = try #require(files.folder.facts("upload-1.tmp")).modifiedSeconds
            func left(after seconds: Int) -> Int {
                files.shelf.sweep(at: Timestamp(milliseconds: Int64(written + seconds) * 1000))
                return files.folder.names().count
            }
            #expect(left(after: 86_000) == 4)
            #expect(left(after: 86_500) == 2)
            #expect(left(after: 31 * 86_400) == 0)
        }
    }
}
