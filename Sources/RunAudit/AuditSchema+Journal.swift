extension AuditSchema {
    /// What was promised, what became of it, and the servers that know. Small columns come first: SQLite reads a row from
    /// its start, and a prompt or an answer fills pages of its own.
    ///
    /// Ids are never used twice, so that they are the marks from which pages are read.
    static let journal = """
        CREATE TABLE accepted (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL UNIQUE,
            accepted_at_ms INTEGER NOT NULL,
            queued_at_ms INTEGER,
            ended_at_ms INTEGER,
            kept_until_ms INTEGER NOT NULL,
            idempotency_key TEXT,
            idempotency_content TEXT,
            idempotency_source TEXT,
            meta BLOB NOT NULL,
            body BLOB
        ) STRICT;
        CREATE INDEX accepted_spooled ON accepted (seq) WHERE queued_at_ms IS NULL AND ended_at_ms IS NULL;
        CREATE INDEX accepted_underway ON accepted (seq, queued_at_ms)
            WHERE queued_at_ms IS NOT NULL AND ended_at_ms IS NULL;
        CREATE INDEX accepted_by_key ON accepted (idempotency_key) WHERE idempotency_key IS NOT NULL;
        CREATE INDEX accepted_ended ON accepted (kept_until_ms) WHERE ended_at_ms IS NOT NULL;

        CREATE TABLE settlements (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            job TEXT NOT NULL,
            epoch INTEGER NOT NULL,
            worker TEXT NOT NULL,
            server TEXT NOT NULL,
            queue TEXT NOT NULL,
            verdict TEXT NOT NULL,
            delay_ms INTEGER,
            spent INTEGER NOT NULL,
            rounds INTEGER NOT NULL,
            recorded_at_ms INTEGER NOT NULL,
            confirmed_at_ms INTEGER,
            status INTEGER,
            served TEXT,
            endpoint TEXT,
            usage BLOB,
            error BLOB,
            meta BLOB NOT NULL,
            attempts BLOB NOT NULL,
            answer BLOB,
            UNIQUE (job, epoch, worker, server)
        ) STRICT;
        CREATE INDEX settlements_unconfirmed ON settlements (seq) WHERE confirmed_at_ms IS NULL;
        CREATE INDEX settlements_confirmed ON settlements (seq, confirmed_at_ms) WHERE confirmed_at_ms IS NOT NULL;
        CREATE INDEX settlements_by_confirmation ON settlements (confirmed_at_ms) WHERE confirmed_at_ms IS NOT NULL;

        CREATE TABLE servers (
            role TEXT NOT NULL,
            partition INTEGER NOT NULL,
            identity TEXT NOT NULL,
            PRIMARY KEY (role, partition)
        ) STRICT, WITHOUT ROWID;
        """

    /// An index costs one page more in each commit. This one only served the clean-up, which finds what it needs elsewhere.
    static let fewerIndexes = "DROP INDEX settlements_by_confirmation"
}
