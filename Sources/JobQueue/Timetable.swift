/// Who is to be woken when, to the nearest tick behind it: what is entered is mostly taken out before its time, and both cost the
/// same however many there are.
struct Timetable<Entry: Hashable & Sendable>: Sendable {
    static var tick: Duration { .milliseconds(10) }

    private var entries: [Int: Set<Entry>] = [:]
    private let origin = ContinuousClock.now
    /// Everything up to it was taken.
    private var last = 0

    var isEmpty: Bool { entries.isEmpty }

    mutating func insert(_ entry: Entry, at time: ContinuousClock.Instant, now: ContinuousClock.Instant) {
        if isEmpty { last = Int((now - origin) / Self.tick) }
        entries[max(number(time), last + 1), default: []].insert(entry)
    }

    /// - Parameter time: the one that it was entered with.
    mutating func remove(_ entry: Entry, at time: ContinuousClock.Instant) {
        let number = number(time)
        entries[number]?.remove(entry)
        if entries[number]?.isEmpty == true { entries[number] = nil }
    }

    mutating func takeDue(_ now: ContinuousClock.Instant) -> [Entry] {
        let current = Int((now - origin) / Self.tick)
        guard current > last else { return [] }
        defer { last = current }
        return (last + 1...current).flatMap { entries.removeValue(forKey: $0) ?? [] }
    }

    private func number(_ time: ContinuousClock.Instant) -> Int { Int(((time - origin) / Self.tick).rounded(.up)) }
}
