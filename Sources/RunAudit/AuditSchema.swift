import GRDB

/// The tables, as named migrations. A migration that was released is never changed; a new column or table is a new one.
/// Columns that a later one adds have to allow NULL, and indexes that a statement names have to stay: during a rolling deploy
/// older workers read and write beside newer ones.
enum AuditSchema {
    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("attempts", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: attempts)
        }
        migrator.registerMigration("journal", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: journal)
        }
        migrator.registerMigration("fewer indexes", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: fewerIndexes)
        }
        migrator.registerMigration("chain", foreignKeyChecks: .immediate) { db in
            try db.execute(sql: chain)
            try ChainRow.begin(db)
        }
        return migrator
    }()

    /// AUTOINCREMENT, so that ids are never used twice and tell the order of writing: what links rows can rely on it.
    private static let attempts = """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL,
            queue TEXT NOT NULL,
            number INTEGER NOT NULL,
            endpoint TEXT NOT NULL,
            region TEXT NOT NULL,
            tier TEXT NOT NULL,
            worker TEXT NOT NULL,
            correlation_id TEXT NOT NULL,
            started_at_ms INTEGER NOT NULL,
            ended_at_ms INTEGER NOT NULL,
            outcome TEXT NOT NULL,
            status_code INTEGER,
            reason TEXT,
            delay_ms INTEGER,
            billed TEXT NOT NULL,
            prompt_tokens INTEGER,
            completion_tokens INTEGER,
            cached_tokens INTEGER,
            total_tokens INTEGER,
            upstream_request_id TEXT,
            recorded_at_ms INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX attempts_by_job ON attempts (job);
        CREATE INDEX attempts_by_start ON attempts (started_at_ms);
        """
}
