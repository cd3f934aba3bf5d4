/// What waits for the disk, in the order in which it came: a pure machine. `Waiter` is whoever is told of the end; an entry
/// without one goes with the next that has one, or alone after a pause.
struct AuditBacklog<Waiter> {
    struct Item {
        var entry: JournalEntry
        var waiter: Waiter?

        var weight: Int { entry.weight }
        var isAwaited: Bool { waiter != nil }
        /// Has to be on the disk when it is written: somebody waits for it, or nothing would tell it again.
        var isOwed: Bool { isAwaited || !entry.isExpendable }
    }

    enum Admission: Equatable {
        /// Nobody drains: start a drain.
        case startDrain
        /// Nobody waits: wake the backlog and start a drain after a pause.
        case startPause
        /// A drain or the end of a pause will come by.
        case waits
        case closed
        case full(pending: Int)
    }

    let maximumPending: Int
    private var items: [Item] = []
    /// What is awaited and has no outcome yet, by weight.
    private var awaited = 0
    /// What nobody waits for and is not written yet.
    private var unawaited = 0
    /// Rows that were given up, because the disk failed for long.
    private(set) var droppedRows = 0
    private var isDraining = false
    private var isPausing = false
    private var isPauseOver = false
    private(set) var isClosed = false

    init(maximumPending: Int) { self.maximumPending = maximumPending }

    var pending: Int { awaited + unawaited }

    /// A single entry that is larger than the bound is admitted when nothing else waits: it can never fit otherwise.
    mutating func admit(_ entry: JournalEntry, _ waiter: Waiter) -> Admission {
        if isClosed { return .closed }
        if awaited > 0, awaited + entry.weight > maximumPending { return .full(pending: awaited) }
        items.append(Item(entry: entry, waiter: waiter))
        awaited += entry.weight
        if isDraining { return .waits }
        isDraining = true
        return .startDrain
    }

    mutating func admit(_ entry: JournalEntry) -> Admission {
        if isClosed { return .closed }
        items.append(Item(entry: entry, waiter: nil))
        unawaited += entry.weight
        dropExcess()
        return pause()
    }

    /// What nobody waits for and could not be written, for the next try.
    mutating func giveBack(_ kept: [Item]) -> Admission {
        if kept.isEmpty { return .waits }
        items = kept + items
        if isClosed {
            drop(unawaited, expendableOnly: false)
            return .closed
        }
        dropExcess()
        return pause()
    }

    private mutating func pause() -> Admission {
        if isPausing { return .waits }
        isPausing = true
        return .startPause
    }

    /// The pause is over: the next drain takes everything.
    mutating func wake() {
        isPausing = false
        isPauseOver = true
    }

    /// Everything, if somebody waits or the pause is over; nil ends the drain.
    mutating func takeAll() -> [Item]? {
        guard !items.isEmpty, isPauseOver || items.contains(where: \.isAwaited) else {
            isDraining = false
            isPauseOver = false
            return nil
        }
        isPauseOver = false
        defer { items = [] }
        return items
    }

    /// The disk has answered for these. Those that nobody waits for are only done with when they are written.
    mutating func finish(_ items: [Item], areWritten: Bool) {
        for item in items where item.isAwaited { awaited -= item.weight }
        guard areWritten else { return }
        for item in items where !item.isAwaited { unawaited -= item.weight }
    }

    /// Whether this call closed it. What waits is still drained, once.
    mutating func close() -> Bool {
        defer { isClosed = true }
        isPauseOver = true
        return !isClosed
    }

    /// Gives up the older half, so that it happens seldom. These entries confirm what is asked again in doubt.
    private mutating func dropExcess() {
        if unawaited > maximumPending { drop(unawaited - maximumPending / 2) }
    }

    private mutating func drop(_ excess: Int, expendableOnly: Bool = true) {
        var (weight, rows) = (0, 0)
        items.removeAll { item in
            guard weight < excess, !item.isAwaited, item.entry.isExpendable || !expendableOnly else { return false }
            weight += item.weight
            rows += item.entry.rows
            return true
        }
        unawaited -= weight
        droppedRows += rows
    }
}

extension AuditBacklog: Sendable where Waiter: Sendable {}
extension AuditBacklog.Item: Sendable where Waiter: Sendable {}
