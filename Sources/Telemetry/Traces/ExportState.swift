import Synchronization

/// Whether the last batch arrived: the log is told when that changes.
final class ExportState: Sendable {
    private let isWell = Atomic(true)

    /// Whether it is otherwise than before.
    func changed(isWell now: Bool) -> Bool { isWell.exchange(now, ordering: .relaxed) != now }
}
