import Synchronization

/// How far an exporter is.
final class ExportState: Sendable {
    private let isWell = Atomic(true)
    private let ending = Atomic(false)

    /// Nothing more comes.
    var isEnding: Bool { ending.load(ordering: .acquiring) }

    func end() { ending.store(true, ordering: .releasing) }

    /// Tells whether the last batch arrived. True if that is otherwise than before: the log is told.
    func changed(isWell now: Bool) -> Bool { isWell.exchange(now, ordering: .relaxed) != now }
}
