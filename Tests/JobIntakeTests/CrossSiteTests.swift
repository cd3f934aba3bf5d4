import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JobFlow
import TestKit
import Testing

@testable import JobIntake

/// A page of another site that a browser shows must not steer an intake that the browser can reach.
@Suite(.timeLimit(.minutes(5))) struct CrossSiteTests {
    private static let site = HTTPField.Name("sec-fetch-site")!
    private static let origin = HTTPField.Name("origin")!

    private func isRefused(_ headers: HTTPFields, host: String? = "127.0.0.1:8080") -> Bool {
        do throws(IntakeProblem) { try CrossSite.check(headers, host: host) } catch { return error == .crossSite }
        return false
    }

    @Test func `a program that is no browser is let through`() {
        #expect(!isRefused([:]))
        #expect(!isRefused([:], host: nil))
    }

    @Test(arguments: ["same-origin", "none"]) func `a page of ours is let through`(site: String) {
        #expect(!isRefused([Self.site: site]))
        #expect(!isRefused([Self.site: site, Self.origin: "https://sluice.example"]))
    }

    @Test(arguments: ["cross-site", "same-site", "", "same-origin, cross-site", "SAME-ORIGIN "])
    func `a page of another site is refused`(site: String) {
        #expect(isRefused([Self.site: site]))
        #expect(isRefused([Self.site: site, Self.origin: "http://127.0.0.1:8080"]))
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "127.0.0.1:8080"), ("https://Sluice.Example", "sluice.example"),
        ("http://[::1]:8080", "[::1]:8080"),
    ])
    func `without that word, the origin has to be this host`(origin: String, host: String) {
        #expect(!isRefused([Self.origin: origin], host: host))
    }

    @Test(arguments: [
        "http://evil.example", "http://127.0.0.1:8081", "http://127.0.0.1", "null", "", "127.0.0.1:8080",
        "http://127.0.0.1:8080.evil.example", "http://evil.example/127.0.0.1:8080",
    ])
    func `another origin is refused`(origin: String) {
        #expect(isRefused([Self.origin: origin]))
        #expect(isRefused([Self.origin: origin], host: nil))
    }

    @Test func `every route that changes something is guarded, those that read are not`() async throws {
        let store = makeStore()
        try await withRoutes(store: store) { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            let evil: HTTPFields = [Self.site: "cross-site", Self.origin: "http://evil.example"]
            for uri in [
                "/v1/jobs", "/v1/jobs/\(id)/cancel", "/v1/jobs/\(id)/retry", "/v1/queues/default/pause",
                "/v1/queues/default/resume",
            ] {
                let response = try await client.post(uri, headers: evil, body: #"{"prompt":"a"}"#)
                #expect(response.status == .forbidden)
                #expect(response.problem?["code"]?.string == "cross_site_request")
                #expect(response.header("x-should-retry") == "false")
            }
            let deletion = try await client.executeRequest(
                uri: "/v1/jobs/\(id)", method: .delete, headers: evil, body: nil)
            #expect(deletion.status == .forbidden)
            #expect(try await client.get("/v1/jobs/\(id)", headers: evil).json["status"]?.string == "queued")
        }
        #expect(try await store.claimAll().count == 1)
    }

    @Test(arguments: ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"])
    func `what a form sends is refused from browsers that say nothing, too`(type: String) async throws {
        try await withRoutes { client in
            let id = try await client.submit(#"{"prompt":"a"}"#).json["id"]?.string ?? ""
            let response = try await client.post("/v1/jobs/\(id)/cancel", headers: [.contentType: type], body: "")
            #expect(response.status == .unsupportedMediaType)
            #expect(try await client.get("/v1/jobs/\(id)").json["status"]?.string == "queued")
        }
    }
}
