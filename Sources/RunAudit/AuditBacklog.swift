import JobFlow

/// The rows that wait for the disk: a pure machine. `Waiter` is whoever is told of the end.
struct AuditBacklog<Waiter> {
    struct Entry {
        var rows: [AuditedAttempt]
        var waiter: Waiter
    }

    enum Admission: Equatable {
        /// Nobody drains: start a drain.
        case startDrain
        /// A drain is under way and will come by.
        case waits
        case closed
        case full(pending: Int)
    }

    let maximumPending: Int
    private var entries: [Entry] = []
    /// Rows that were admitted and have no outcome yet.
    private(set) var pending = 0
    private var isDraining = false
    private var isClosed = false

    init(maximumPending: Int) { self.maximumPending = maximumPending }

    /// A single append that is larger than the bound is admitted when nothing else waits: it can never fit otherwise.
    mutating func admit(_ rows: [AuditedAttempt], _ waiter: Waiter) -> Admission {
        if isClosed { return .closed }
        if pending > 0, pending + rows.count > maximumPending { return .full(pending: pending) }
        entries.append(Entry(rows: rows, waiter: waiter))
        pending += rows.count
        if isDraining { return .waits }
        isDraining = true
        return .startDrain
    }

    /// Everything that waits; nil ends the drain.
    mutating func takeAll() -> [Entry]? {
        guard !entries.isEmpty else {
            isDraining = false
            return nil
        }
        defer { entries = [] }
        return entries
    }

    /// These rows are on disk, or given up.
    mutating func finish(rows: Int) { pending -= rows }

    /// Whether this call closed it. What waits is still drained.
    mutating func close() -> Bool {
        defer { isClosed = true }
        return !isClosed
    }

    /// Splits entries into transactions of at most `maximum` rows, or one entry.
    static func batches(_ entries: [Entry], maximum: Int) -> [ArraySlice<Entry>] {
        var batches: [ArraySlice<Entry>] = []
        var start = 0
        var rows = 0
        for (index, entry) in entries.enumerated() {
            if index > start, rows + entry.rows.count > maximum {
                batches.append(entries[start..<index])
                start = index
                rows = 0
            }
            rows += entry.rows.count
        }
        if start < entries.count { batches.append(entries[start...]) }
        return batches
    }
}

extension AuditBacklog: Sendable where Waiter: Sendable {}
extension AuditBacklog.Entry: Sendable where Waiter: Sendable {}
