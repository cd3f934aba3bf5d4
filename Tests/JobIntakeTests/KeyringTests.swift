import HTTPTypes
import JobFlow
import TestKit
import Testing

@testable import JobIntake

@Suite struct KeyringTests {
    private static func key(_ text: String, _ name: String, _ scopes: Set<Caller.Scope> = [.submit, .read]) -> IntakeKey
    {
        IntakeKey(
            caller: Caller(name: name, scopes: scopes), digest: IntakeKey.digest(of: IntakeKey.hash(text)) ?? [])
    }

    private let ring = Keyring(keys: [
        key("old", "app"), key("new", "app"), key("other", "reports", [.read]), key("root", "ops", [.admin]),
    ])

    private func headers(_ name: String, _ value: String) throws -> HTTPFields {
        [try #require(HTTPField.Name(name)): value]
    }

    @Test(arguments: [
        ("authorization", "Bearer old", "app"), ("authorization", "bearer new", "app"), ("api-key", "other", "reports"),
        ("api-key", "root", "ops"),
    ])
    func `a key is known by its hash, and several may be of one caller`(name: String, value: String, caller: String)
        throws
    {
        #expect(try ring.caller(headers(name, value)).name == caller)
    }

    @Test(arguments: [
        ("authorization", "Bearer Old", "invalid_api_key"), ("authorization", "Basic old", "missing_api_key"),
        ("api-key", "", "invalid_api_key"), ("x-other", "old", "missing_api_key"),
    ])
    func `anything else is refused`(name: String, value: String, code: String) throws {
        let headers = try headers(name, value)
        let problem = #expect(throws: IntakeProblem.self) { try ring.caller(headers) }
        #expect(problem?.status == .unauthorized && problem?.code == code)
    }

    @Test func `without keys there is one caller, who may do everything`() throws {
        let caller = try Keyring(keys: []).caller([:])
        #expect(caller.name.isEmpty && Caller.Scope.allCases.allSatisfy { caller.may($0) })
    }

    @Test func `who administers may do everything and sees everything, others see their own`() throws {
        let admin = try ring.caller(headers("api-key", "root"))
        #expect(admin.may(.submit) && admin.may(.read) && admin.sees("app"))
        let reader = try ring.caller(headers("api-key", "other"))
        #expect(!reader.may(.submit) && !reader.may(.admin) && reader.sees("reports") && !reader.sees("app"))
        #expect(!reader.sees(""))
    }

    @Test(arguments: [
        "", "sha256:", "sha256:ab", "md5:" + String(repeating: "a", count: 64),
        "sha256:" + String(repeating: "g", count: 64), "sha256:" + String(repeating: "a", count: 65),
    ])
    func `what is no hash is none`(text: String) {
        #expect(IntakeKey.digest(of: text) == nil)
    }

    @Test func `a hash is that of the SHA-256 standard`() {
        #expect(
            IntakeKey.hash("abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

@Suite struct CallerBucketsTests {
    private let buckets = CallerBuckets()
    private let caller = Caller(name: "app", limits: CallerLimits(requestsPerSecond: 2, tokensPerMinute: 600))

    @Test func `a caller may make so many requests a second, and is told when to come again`() throws {
        try buckets.admitRequest(caller, at: .seconds(1))
        try buckets.admitRequest(caller, at: .seconds(1))
        let problem = #expect(throws: IntakeProblem.self) { try buckets.admitRequest(caller, at: .seconds(1)) }
        #expect(problem?.status == .tooManyRequests && problem?.retry == .after(milliseconds: 500))
        try buckets.admitRequest(caller, at: .milliseconds(1500))
        try buckets.admitRequest(Caller(name: "other", limits: caller.limits), at: .seconds(1))
    }

    @Test func `tokens are admitted while any are left, and what was too much is waited for`() throws {
        try buckets.admitTokens(1200, caller, at: .seconds(1))
        let problem = #expect(throws: IntakeProblem.self) { try buckets.admitTokens(1, caller, at: .seconds(1)) }
        #expect(problem?.retry == .after(milliseconds: 60_100))
        try buckets.admitTokens(1, caller, at: .milliseconds(61_200))
    }

    @Test func `a caller without limits has none`() throws {
        for _ in 0..<10_000 { try buckets.admitRequest(Caller(name: "free"), at: .zero) }
    }
}
