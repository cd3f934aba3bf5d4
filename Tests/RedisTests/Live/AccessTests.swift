import Foundation
import Testing

@testable import Redis

extension LiveTests {
    @Suite struct Access {
        @Test func `the right password opens and the wrong one fails at once`() async throws {
            try await RedisServer.running(["--requirepass", "p@ss word"]) { server in
                try await withClient("redis://:p%40ss%20word@127.0.0.1:\(server.port)") { client in
                    let reply = try await client.send(["PING"])
                    #expect(reply == .bytes("PONG"))
                }
                for url in ["redis://:hunter2@127.0.0.1:\(server.port)", server.url] {
                    try await withClient(url) { client in
                        let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                        #expect(error?.code == .authentication)
                        #expect(error?.isRetriable == false)
                    }
                }
            }
        }

        @Test func `a user of the access list is known by name`() async throws {
            try await RedisServer.running(["--user", "sluice", "on", ">secret", "~*", "+@all"]) { server in
                try await withClient("redis://sluice:secret@127.0.0.1:\(server.port)") { client in
                    let name = try await client.send(["ACL", "WHOAMI"])
                    #expect(name == .bytes("sluice"))
                }
            }
        }

        @Test func `TLS trusts the given authority for the name and the address in its certificate`() async throws {
            try await running(names: "DNS:localhost,IP:127.0.0.1") { server in
                for host in ["127.0.0.1", "localhost"] {
                    try await withClient(url(server, host: host)) { client in
                        #expect(try await client.send(["PING"]) == .bytes("PONG"))
                        let value = String(repeating: "x", count: 1_000_000)
                        _ = try await client.send(["SET", "large", .string(value)])
                        #expect(try await client.send(["GET", "large"]).string == value)
                        #expect(try await client.blocking(["BLPOP", "a", "0.01"], timeout: .seconds(1)).isNull)
                    }
                }
            }
        }

        @Test func `TLS refuses a certificate of another name`() async throws {
            try await running(names: "DNS:other.example") { server in
                for host in ["127.0.0.1", "localhost"] { try await expectRefusal(url(server, host: host)) }
            }
        }

        @Test func `TLS refuses an authority that the system does not know`() async throws {
            try await running(names: "DNS:localhost,IP:127.0.0.1") { server in
                try await expectRefusal("rediss://localhost:\(server.port)")
            }
        }

        @Test func `a missing authority file is named as the cause`() async throws {
            try await withClient("rediss://localhost:1?ca=/no/such/file", { $0.commandTimeout = .milliseconds(300) }) {
                client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.message.contains("ca file") == true)
            }
        }

        private func url(_ server: RedisServer, host: String) -> String {
            "rediss://\(host):\(server.port)?ca=\(server.directory)/cert.pem"
        }

        private func expectRefusal(_ url: String) async throws {
            try await withClient(url, { $0.commandTimeout = .seconds(2) }) { client in
                let error = await #expect(throws: RedisError.self) { try await client.send(["PING"]) }
                #expect(error?.code == .connectionFailed)
                #expect(error?.wasSent == false)
            }
        }

        private func running(names: String, _ body: (RedisServer) async throws -> Void) async throws {
            let files = ["--tls-cert-file", "cert.pem", "--tls-key-file", "key.pem", "--tls-ca-cert-file", "cert.pem"]
            let prepare = { (directory: String) async throws -> [String] in
                try await makeCertificate(in: directory, names: names)
                return files + ["--tls-auth-clients", "no"]
            }
            try await RedisServer.running(usesTLS: true, prepare: prepare, body)
        }

        private func makeCertificate(in directory: String, names: String) async throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.currentDirectoryURL = URL(fileURLWithPath: directory)
            process.standardError = FileHandle.nullDevice
            process.arguments = [
                "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=test",
                "-keyout", "key.pem", "-out", "cert.pem", "-addext", "subjectAltName=\(names)",
            ]
            try process.run()
            try await eventually("openssl has made a certificate") { !process.isRunning }
            guard process.terminationStatus == 0 else {
                throw RedisServer.Failure(description: "openssl is not installed or failed; this test needs it")
            }
        }
    }
}
