import Foundation
import GRDB
import Glibc
import JobFlow

/// Chains as rows of the table `chains`.
enum ChainRow {
    static let identityBytes = 16

    /// Of a file that has none yet. What its ledger holds already is not looked at: that could take minutes.
    static func begin(_ db: Database) throws {
        let path = try String.fetchOne(db, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'") ?? ""
        try db.execute(
            sql: """
                INSERT INTO chains (origin, identity, name, unsealed_to) VALUES (
                    0, randomblob(\(identityBytes)), CAST(? AS TEXT),
                    (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'attempts')
                )
                """, arguments: [ExactText.argument("\(host()):\(path)")])
    }

    static func all(_ db: Database, in schema: String = "main") throws -> [Chain] {
        guard try db.tableExists("chains", in: schema) else {
            throw AuditError("this log has no chain yet: start a worker of this release on it once")
        }
        let sql = """
            SELECT origin, identity, CAST(name AS BLOB) AS name, unsealed_to, merged_to FROM \(schema).chains
            ORDER BY origin
            """
        return try Row.fetchAll(db, sql: sql).map { row in
            Chain(
                origin: try row.decode(forColumn: "origin"), identity: try row.bytes("identity") ?? [],
                name: try row.text("name") ?? "", unsealedTo: try row.decode(forColumn: "unsealed_to"),
                mergedTo: try row.decode(forColumn: "merged_to"))
        }
    }

    /// The chain that this program writes. Throws for a merged file, which nobody may write to.
    static func written(_ db: Database) throws -> Chain {
        guard let chain = try all(db).first(where: { !$0.isMerged }) else {
            throw AuditError("this file is a merge of several logs: set audit.path to a file of this machine")
        }
        return chain
    }

    private static func host() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
