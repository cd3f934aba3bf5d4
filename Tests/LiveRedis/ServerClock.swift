import Foundation
package import JobFlow
import Synchronization

/// The wall clock of a redis-server, moved by a test: what a lease or a time to live depends on then passes when the test says so,
/// on however busy a machine. The server reads it through `Tests/ServerClock`, which says how the file is laid out.
package final class ServerClock: Sendable {
    private struct Hands {
        var moment: Timestamp
        var which: UInt8 = 0
    }

    private let hands: Mutex<Hands>
    private let file: URL

    /// Begins with the present.
    package init() throws {
        let start = Timestamp(seconds: Date().timeIntervalSince1970)
        hands = Mutex(Hands(moment: start))
        file = FileManager.default.temporaryDirectory.appending(path: "sluice-clock-\(UUID().uuidString)")
        try (Data(count: 8) + Self.bytes(start) + Self.bytes(start)).write(to: file)
    }

    deinit { try? FileManager.default.removeItem(at: file) }

    package var now: Timestamp { hands.withLock { $0.moment } }

    /// The server sees it at its next look.
    package func advance(by duration: Duration) throws {
        try hands.withLock { hands in
            let (moment, which) = (hands.moment + duration, 1 - hands.which)
            let handle = try FileHandle(forUpdating: file)
            defer { try? handle.close() }
            try handle.seek(toOffset: 8 + 8 * UInt64(which))
            try handle.write(contentsOf: Self.bytes(moment))
            try handle.seek(toOffset: 0)
            try handle.write(contentsOf: Data([which]))
            hands = Hands(moment: moment, which: which)
        }
    }

    /// What a server is started with that is to read this clock.
    var environment: [String: String] { ["LD_PRELOAD": Self.library, "SERVER_CLOCK": file.path] }

    /// SwiftPM builds it beside the tests.
    private static let library = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "libServerClock.so").path

    private static func bytes(_ moment: Timestamp) -> Data {
        let microseconds = moment.milliseconds * 1000
        return Data((0..<8).map { UInt8(truncatingIfNeeded: microseconds >> ($0 * 8)) })
    }
}
