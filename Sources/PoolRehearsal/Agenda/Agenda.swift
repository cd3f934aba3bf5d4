import HeapModule

/// What happens next: events by time, and among those of one time in the order they were planned.
struct Agenda: Sendable {
    enum Event: Sendable {
        case arrival
        /// The simulated pool's timeline moves on.
        case change
        /// Of a process. What was brought forward meanwhile has another turn, and does not happen.
        case claim(Int, turn: Int)
        case exchange(Int, turn: Int)
        case look(Int)
        case callEnds(Int, turn: Int)
    }

    private struct Entry: Comparable, Sendable {
        var at: Int64
        var order: Int
        var event: Event

        static func < (a: Entry, b: Entry) -> Bool { a.at == b.at ? a.order < b.order : a.at < b.at }
        static func == (a: Entry, b: Entry) -> Bool { a.order == b.order }
    }

    private var entries = Heap<Entry>()
    private var planned = 0

    /// - Parameter time: microseconds from the start, as of all times here.
    mutating func plan(_ event: Event, at time: Int64) {
        planned += 1
        entries.insert(Entry(at: time, order: planned, event: event))
    }

    /// The next event, if it is not after the end.
    mutating func next(through end: Int64) -> (at: Int64, event: Event)? {
        guard let first = entries.min, first.at <= end else { return nil }
        entries.removeMin()
        return (first.at, first.event)
    }
}

/// Something that will be done at some time, and may be brought forward.
struct Appointment: Sendable {
    private(set) var at = Int64.max
    private(set) var turn = 0

    /// Whether it is sooner than it was.
    mutating func bringForward(to time: Int64) -> Bool {
        guard time < at else { return false }
        (at, turn) = (time, turn + 1)
        return true
    }

    /// It is kept now, unless it was brought forward meanwhile.
    mutating func keep(_ turn: Int) -> Bool {
        guard turn == self.turn else { return false }
        at = .max
        return true
    }
}
