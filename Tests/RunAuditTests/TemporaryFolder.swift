import Foundation
import JobFlow
import RunAudit

/// A folder of one test, gone at its end.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String = "audit.sqlite") -> String { url.appendingPathComponent(name).path }

    /// A log whose clock stands still, so that no row grows old.
    func log(
        _ name: String = "audit.sqlite", maximumPending: Int = 100_000, retention: Duration = .seconds(90 * 86_400),
        pruneInterval: Duration = .seconds(60), clock: TestClock = TestClock()
    ) throws(AuditError) -> AuditLog {
        try AuditLog(
            configuration: AuditConfiguration(
                path: path(name), retention: retention, maximumPending: maximumPending,
                pruneInterval: pruneInterval), logger: Samples.logger,
            clock: { clock.now })
    }
}
