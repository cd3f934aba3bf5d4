import Foundation
package import JobFlow
import Synchronization

/// The wall clock of a redis-server, moved by a test: what a lease or a time to live depends on then passes when the test says so,
/// on however busy a machine. The server reads it through `Tests/ServerClock`.
package final class ServerClock: Sendable {
    private let moment: Mutex<Timestamp>
    private let hand: URL

    /// Begins with the present.
    package init() throws {
        let start = Timestamp(seconds: Date().timeIntervalSince1970)
        moment = Mutex(start)
        hand = FileManager.default.temporaryDirectory.appending(path: "sluice-clock-\(UUID().uuidString)")
        try Self.bytes(start).write(to: hand)
    }

    deinit { try? FileManager.default.removeItem(at: hand) }

    package var now: Timestamp { moment.withLock { $0 } }

    package func advance(by duration: Duration) throws {
        try moment.withLock { moment in
            moment = moment + duration
            let file = try FileHandle(forUpdating: hand)
            try file.write(contentsOf: Self.bytes(moment))
            try file.close()
        }
    }

    /// What a server is started with that is to read this clock.
    var environment: [String: String] { ["LD_PRELOAD": Self.library, "SERVER_CLOCK": hand.path] }

    /// SwiftPM builds it beside the tests.
    private static let library = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "libServerClock.so").path

    private static func bytes(_ moment: Timestamp) -> Data {
        let microseconds = moment.milliseconds * 1000
        return Data((0..<8).map { UInt8(truncatingIfNeeded: microseconds >> ($0 * 8)) })
    }
}
