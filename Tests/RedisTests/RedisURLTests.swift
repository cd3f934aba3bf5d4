import Testing

@testable import Redis

@Suite struct RedisURLTests {
    @Test func `all parts are read`() throws {
        let configuration = try RedisConfiguration(
            url: "rediss://al%20ice:p%40ss%3Aw%2Frd@[::1]:7000/3?ca=/etc/my%20ca.pem")
        #expect(configuration.host == "::1")
        #expect(configuration.port == 7000)
        #expect(configuration.user == "al ice")
        #expect(configuration.password == "p@ss:w/rd")
        #expect(configuration.database == 3)
        #expect(configuration.usesTLS)
        #expect(configuration.authorityFile == "/etc/my ca.pem")
        #expect(configuration.description == "rediss://[::1]:7000/3")
    }

    @Test(arguments: ["redis://cache.example", "REDIS://cache.example/", "redis://cache.example:6379/0"])
    func `what is left out has its default`(url: String) throws {
        let configuration = try RedisConfiguration(url: url)
        #expect(configuration.host == "cache.example")
        #expect(configuration.port == 6379)
        #expect(configuration.database == 0)
        #expect(configuration.user == nil && configuration.password == nil)
        #expect(!configuration.usesTLS)
        #expect(configuration.authorityFile == nil)
    }

    @Test func `a password needs no user and may hold an at sign`() throws {
        let configuration = try RedisConfiguration(url: "redis://:p@ss@cache:1")
        #expect(configuration.user == nil)
        #expect(configuration.password == "p@ss")
        #expect(configuration.host == "cache")
    }

    @Test(arguments: [
        ("localhost:6379", "scheme is missing"),
        ("http://:hunter2@localhost", "scheme is unknown"),
        ("redis://", "host is missing"),
        ("redis://:hunter2@:6379", "host is missing"),
        ("redis://[::1", "closing bracket"),
        ("redis://:hunter2@::1", "host is missing"),
        ("redis://fe80::1", "IPv6"),
        ("redis://:hunter2@localhost:0", "port"),
        ("redis://:hunter2@localhost:65536", "port"),
        ("redis://localhost:abc", "port"),
        ("redis://:hunter2@localhost/first", "database"),
        ("redis://:hunter2@localhost/-1", "database"),
        ("redis://hunter2@localhost", "password is missing"),
        ("redis://user:@localhost", "password is empty"),
        ("redis://us%zer:hunter2@localhost", "user has a %"),
        ("redis://user:hunter2%f@localhost", "password has a %"),
        ("redis://user:hunter2%ff@localhost", "password is not UTF-8"),
        ("rediss://:hunter2@localhost?tls=1", "query is unknown"),
        ("rediss://:hunter2@localhost?ca=", "query ca"),
        ("redis://:hunter2@localhost?ca=/ca.pem", "rediss:// only"),
    ])
    func `a wrong part is named and the password is not shown`(url: String, problem: String) throws {
        let error = try #require(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error.code == .invalidURL)
        #expect(error.message.contains(problem))
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test func `no way of printing a configuration shows its password`() throws {
        let configuration = try RedisConfiguration(url: "redis://bob:hunter2@localhost")
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(![dumped, "\(configuration)", String(reflecting: configuration)].contains { $0.contains("hunter2") })
    }
}
