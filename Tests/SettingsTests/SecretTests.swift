import Foundation
import Settings
import Testing

@Suite struct SecretTests {
    private func config(_ id: String, key: String = "${secret:eastus}") -> String {
        let endpoint = #"{"name":"a","url":"http://h","api_key":"\#(key)"}"#
        return #"{"pool":{"endpoints":[\#(endpoint)]},"secrets":{"source":"file","id":"\#(id)"}}"#
    }

    @Test func `a secret comes from a JSON file`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("secrets.json")
            try Data(#"{"eastus":"k1","other":"k2"}"#.utf8).write(to: file)
            let settings = try loaded(config(file.path))
            #expect(settings.pool.endpoints[0].apiKey?.exposed == "k1")
        }
    }

    @Test func `a secret comes from a folder, without the line end behind it`() async throws {
        try await withFolder { folder in
            try Data("k1\r\n".utf8).write(to: folder.appendingPathComponent("eastus"))
            try Data("pass".utf8).write(to: folder.appendingPathComponent("redis.password"))
            let flag = ("redis.url", "rediss://u:${secret:redis.password}@h:6379/1")
            let settings = try loaded(config(folder.path), flags: [flag])
            #expect(settings.pool.endpoints[0].apiKey?.exposed == "k1")
            #expect(settings.redis.url == "rediss://u:pass@h:6379/1")
            #expect(settings.redis.safeURL == "rediss://***@h:6379/1")
        }
    }

    @Test func `a value comes from the environment, whatever the source`() throws {
        let settings = try loaded(
            #"{"redis":{"url":"redis://${env:HOST_1}:6379/0"},"audit":{"path":"${env:DIR}/audit.sqlite"}}"#,
            environment: ["HOST_1": "example", "DIR": "/data"])
        #expect(settings.redis.url == "redis://example:6379/0")
        #expect(settings.audit.path == "/data/audit.sqlite")
    }

    @Test(arguments: ["missing.json", "folder"])
    func `a secret or a source that is missing is named`(id: String) async throws {
        try await withFolder { folder in
            let path = folder.appendingPathComponent(id).path
            if id == "folder" {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            let found = faults(config(path))
            if id == "folder" {
                #expect(found.map(\.path) == ["pool.endpoints[0].api_key"])
                #expect(found.first?.message.contains("refers to secret 'eastus'") == true)
            } else {
                #expect(found.map(\.path) == ["secrets.id"])
                #expect(found.first?.message.hasSuffix("missing.json\" does not exist") == true)
            }
        }
    }

    @Test(arguments: [
        (#"{"westus":"geheim"}"#, "pool.endpoints[0].api_key", "refers to secret 'eastus', which"),
        (#"{"eastus":42}"#, "secrets.id", "line 1, column 11: secret 'eastus' has to be a text"),
        (#"{"eastus":"geheim","eastus":"b"}"#, "secrets.id", "secret 'eastus' is there twice"),
        (#"{"eastus":"geheim"#, "secrets.id", "line 1, column 18: a string is not closed"),
        (#"{"eastus":""}"#, "pool.endpoints[0].api_key", "once its reference is resolved"),
        (#"{"eastus":"geheim\nX-Evil: 1"}"#, "pool.endpoints[0].api_key", "once its reference is resolved"),
    ])
    func `a faulty file of secrets is one fault without a secret in it`(content: String, path: String, says: String)
        async throws
    {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("secrets.json")
            try Data(content.utf8).write(to: file)
            let found = faults(config(file.path))
            #expect(found.map(\.path) == [path])
            #expect(found.first?.message.contains(says) == true, "\(found)")
            #expect(!found.description.contains("geheim"))
        }
    }

    @Test(arguments: [
        (pool(#""api_key":"${secret:k}""#), "pool.endpoints[0].api_key", "secrets.source is none"),
        (pool(#""api_key":"${env:NOT_SET}""#), "pool.endpoints[0].api_key", "environment variable NOT_SET"),
        (pool(#""api_key":"${vault:k}""#), "pool.endpoints[0].api_key", "allowed are ${secret:name} and ${env:NAME}"),
        (pool(#""api_key":"${secret:../k}""#), "pool.endpoints[0].api_key", "a reference that is not known"),
        (pool(#""api_key":"${secret:k""#), "pool.endpoints[0].api_key", "without \"}\""),
        (
            #"{"telemetry":{"otlp_endpoint":"http://h/${secret:k}"}}"#, "telemetry.otlp_endpoint",
            "may not hold a secret"
        ),
        (#"{"redis":{"url":"redis://${env:EMPTY}"}}"#, "redis.url", "once its reference is resolved"),
        (#"{"secrets":{"source":"aws-secrets-manager"}}"#, "secrets.source", "which was not asked"),
    ])
    func `a reference that leads nowhere is named`(json: String, path: String, says: String) {
        let found = faults(json, environment: ["EMPTY": ""])
        #expect(found.map(\.path) == [path])
        #expect(found.first?.message.contains(says) == true, "\(found)")
    }

    @Test func `secrets that are kept elsewhere are asked for with the section that says where`() async throws {
        try await withFolder { folder in
            let file = folder.appendingPathComponent("worker.json")
            try Data(
                #"""
                {"secrets":{"source":"aws-secrets-manager","id":"prod/llm"},
                 "pool":{"endpoints":[{"name":"a","url":"http://h","api_key":"${secret:k}"}]}}
                """#.utf8
            ).write(to: file)
            let settings = try await Settings.load(file: file.path, environment: [:]) { source in
                source.isRemote && source.id == "prod/llm" ? .texts(["k": "key"]) : .unread
            }
            #expect(settings.pool.endpoints[0].apiKey == Secret("key"))
            let error = await #expect(throws: SettingsError.self) {
                try await Settings.load(file: file.path, environment: [:]) { _ in .failed("it is away") }
            }
            #expect(error?.description == "secrets.source: is aws-secrets-manager: it is away")
        }
    }

    @Test func `a token and a key do not go together`() {
        let found = faults(pool(#""api_key":"k","auth":"entra""#))
        #expect(found.map(\.path) == ["pool.endpoints[0].api_key"])
    }

    @Test func `a secret does not print`() {
        var endpoint = EndpointSettings(name: "a", url: "http://h")
        endpoint.apiKey = Secret("geheim")
        var dumped = ""
        dump(endpoint, to: &dumped)
        #expect(!"\(endpoint) \(String(reflecting: endpoint)) \(dumped)".contains("geheim"))
        #expect("\(Secret("geheim"))" == "redacted")
    }
}
