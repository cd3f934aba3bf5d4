import Foundation
import Glibc
import Logging

/// A redis-server of our own, with an append-only file, for one machine.
struct EmbeddedRedis {
    let executable: String
    let folder: String
    let port: Int

    /// - Parameter folder: for its data; created if missing.
    init(folder: String) throws {
        guard let executable = Self.find("redis-server") else {
            throw PlainError(
                "redis-server is not installed: apt-get install redis-server, or set redis.url to one that runs")
        }
        self.executable = executable
        // The server changes into its folder before it opens its files.
        let folder = URL(fileURLWithPath: folder).path
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Self.stopLeftover(folder)
        port = try FreePort.find()
    }

    var url: String { "redis://127.0.0.1:\(port)/0" }

    var arguments: [String] {
        [
            "--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--appendfsync",
            "everysec",
            "--save", "", "--maxmemory-policy", "noeviction", "--daemonize", "no", "--logfile", folder + "/redis.log",
            "--pidfile", folder + "/redis.pid", "--always-show-logo", "no",
        ]
    }

    private static func find(_ program: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(program)" }.first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    /// A server that outlived a killed parent still writes to our folder; two would spoil it.
    private static func stopLeftover(_ folder: String) throws {
        guard let text = try? String(contentsOfFile: folder + "/redis.pid", encoding: .utf8),
            let pid = pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)), isRedis(pid)
        else { return }
        kill(pid, SIGTERM)
        let end = ContinuousClock.now + .seconds(10)
        while isRedis(pid) {
            guard ContinuousClock.now < end else { throw PlainError("\(folder): redis-server \(pid) does not stop") }
            usleep(20_000)
        }
    }

    private static func isRedis(_ pid: pid_t) -> Bool {
        let command = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
        return command?.hasPrefix("redis-server") == true
    }
}
