import Foundation
import JobFlow
import Logging
import RunAudit

/// The journal on disk: many writers, each waiting for its own entry.
enum AuditParts {
    static func measure(_ table: inout PartsTable) async throws {
        for writers in [1, 64, 512] where table.wants(name(writers)) { try await measure(&table, writers) }
    }

    private static func name(_ writers: Int) -> String { "audit: record, \(writers) writers" }

    private static func measure(_ table: inout PartsTable, _ writers: Int) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "sluice-bench-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try AuditLog(
            configuration: AuditConfiguration(path: folder.appending(path: "audit.sqlite").path(), synchronous: .full),
            logger: Logger(label: "sluice-bench"))
        defer { log.close() }
        let maker = JobMaker(queue: "default", model: "gpt-4o", bytes: 1024, partitions: 1)
        try await table.measure(name(writers)) { count in
            try await spread(count, over: writers) { number in
                try await log.record(.sample(Claim(spec: maker.job(number), epoch: 1, worker: "bench")))
            }
        }
    }
}
