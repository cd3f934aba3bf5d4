import Foundation
import Glibc

/// `openssl s_server` with a certificate of its own making, on a free port.
struct TLSServer {
    let url: String
    /// The path of its certificate, which is its own authority.
    let certificate: String
    private let process: Process
    private let folder: URL

    static func start(name: String) async throws -> Self {
        let folder = FileManager.default.temporaryDirectory.appending(path: "curl-tests-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let certificate = folder.appending(path: "cert.pem").path
        let key = folder.appending(path: "key.pem").path
        let making = openssl([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=sluice test", "-addext", "subjectAltName=\(name)", "-keyout", key, "-out", certificate,
        ])
        try making.run()
        making.waitUntilExit()
        let server = openssl(["s_server", "-www", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key])
        let output = Pipe()
        server.standardOutput = output
        try server.run()
        let port = try port(saidBy: output.fileHandleForReading)
        return Self(url: "https://127.0.0.1:\(port)/", certificate: certificate, process: server, folder: folder)
    }

    func stop() {
        // A child of a dispatch thread has SIGTERM blocked.
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: folder)
    }

    private static func openssl(_ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// s_server says "ACCEPT 127.0.0.1:43211" when it listens.
    private static func port(saidBy output: FileHandle) throws -> String {
        var said = ""
        while true {
            let more = output.availableData
            guard !more.isEmpty else { throw NeverHappened() }
            said += String(decoding: more, as: UTF8.self)
            let lines = said.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = lines.first(where: { $0.hasPrefix("ACCEPT ") }), let port = line.split(separator: ":").last {
                return String(port)
            }
        }
    }
}
