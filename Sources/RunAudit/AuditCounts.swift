/// What an audit log did since it was opened, for metrics.
package struct AuditCounts: Sendable, Equatable {
    /// Rows that are on disk.
    package var rows = 0
    /// Transactions that wrote them.
    package var commits = 0
    /// Rows whose writers were told that they could not be written.
    package var failedRows = 0
    /// Rows that nobody waited for, and that were given up because the disk failed for long.
    package var droppedRows = 0
    /// Rows that retention deleted.
    package var prunedRows = 0

    package init() {}
}
