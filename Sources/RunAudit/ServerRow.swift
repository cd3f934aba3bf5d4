import JobFlow

/// The server that a journal was last reconciled with, as a row of the table `servers`.
enum ServerRow {
    static let remember = """
        INSERT INTO servers (role, partition, identity) VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET identity = excluded.identity
        """

    static func values(_ server: ServerIdentity, _ role: JournalRole, partition: Int) -> StatementValues {
        var values = StatementValues(count: 3, bytes: 100)
        values.add(role.rawValue)
        values.add(partition)
        values.add(server.description)
        return values
    }
}
