import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing
import WebConsole

@testable import JobIntake

/// The page itself; what it does in a browser is checked by scripts/check-console.
@Suite(.timeLimit(.minutes(5))) struct ConsoleRoutesTests {
    @Test func `the console is served to anybody, also where keys are asked for`() async throws {
        var configuration = defaultConfiguration
        configuration.keys = [IntakeKey(caller: Caller(name: "someone"), digest: Array(repeating: 1, count: 32))]
        try await withRoutes(configuration) { client in
            let page = try await client.get("/console")
            #expect(page.status == .ok && page.headers[.contentType] == "text/html; charset=utf-8")
            #expect(page.text.contains(#"src="console/app.js""#))
            #expect(try await client.get("/v1/queues").status == .unauthorized)
        }
    }

    @Test func `whatever the page and its scripts ask for is there`() async throws {
        let sources = ([ConsoleFile.page] + ConsoleFile.parts).map { String(decoding: $0.bytes, as: UTF8.self) }
            .joined()
        let names = sources.matches(of: /(?:"console\/|from '\.\/)([a-z.]+)['"]/).map { String($0.1) }
        #expect(Set(names) == Set(ConsoleFile.parts.map(\.name)))
        try await withRoutes { client in
            for name in Set(names) {
                let part = try await client.get("/console/\(name)")
                #expect(part.status == .ok && part.headers[.xContentTypeOptions] == "nosniff")
            }
        }
    }

    @Test func `a browser that has the file is told so, and one that has another gets it`() async throws {
        try await withRoutes { client in
            let first = try await client.get("/console/app.js")
            let tag = try #require(first.headers[.eTag])
            for known in [tag, "W/\(tag)", "\"other\", \(tag)", "*"] {
                let again = try await client.get("/console/app.js", headers: [.ifNoneMatch: known])
                #expect(again.status == .notModified && again.text.isEmpty && again.headers[.eTag] == tag)
            }
            let other = try await client.get("/console/app.js", headers: [.ifNoneMatch: "\"other\""])
            #expect(other.status == .ok && other.text == first.text)
        }
    }

    @Test func `no script but ours may run, and no page may show it within itself`() async throws {
        try await withRoutes { client in
            let policy = try await client.get("/console").headers[.contentSecurityPolicy] ?? ""
            #expect(policy.contains("default-src 'none'") && policy.contains("script-src 'self'"))
            #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
        }
    }

    @Test(arguments: ["/console/", "/console/other.js", "/console/app.js/", "/console/..%2fapp.js"])
    func `there is nothing else below it`(path: String) async throws {
        let status = try await withRoutes { client in try await client.get(path).status }
        #expect(status == .notFound)
    }

    @Test func `what was submitted can be read back, and of no other job`() async throws {
        try await withRoutes { client in
            let made = try await client.submit(#"{"prompt":"Why?","model":"gpt-4o"}"#)
            let id = try #require(try made.json["id"]?.string)
            let request = try await client.get("/v1/jobs/\(id)/request").json
            #expect(request["object"]?.string == "job.request" && request["url"]?.string == "/v1/chat/completions")
            #expect(request["body"]?.text.contains("Why?") == true)
            let nobodys = id.dropLast() + (id.hasSuffix("0") ? "1" : "0")
            #expect(try await client.get("/v1/jobs/\(nobodys)/request").status == .notFound)
        }
    }
}
