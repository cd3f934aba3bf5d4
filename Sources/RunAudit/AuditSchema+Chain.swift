extension AuditSchema {
    /// What makes the ledger tamper-evident; docs/audit.md has the reasons. A log that is written has one chain, of origin 0.
    /// A merged file has one for each log in it, of origin 1 and up, whose ids and numbers lie `Chain.span` apart.
    ///
    /// `content` is NULL in a seal whose rows are gone by right; the next one is still linked to its hash.
    static let chain = """
        CREATE TABLE chains (
            origin INTEGER PRIMARY KEY,
            identity BLOB NOT NULL UNIQUE,
            name TEXT NOT NULL,
            unsealed_to INTEGER NOT NULL,
            merged_to INTEGER
        ) STRICT;

        CREATE TABLE seals (
            seq INTEGER PRIMARY KEY,
            first_id INTEGER NOT NULL,
            last_id INTEGER NOT NULL,
            sealed_at_ms INTEGER NOT NULL,
            amendments INTEGER NOT NULL,
            hash BLOB NOT NULL,
            content BLOB
        ) STRICT;
        CREATE INDEX seals_amending ON seals (seq) WHERE amendments > 0;
        """
}
