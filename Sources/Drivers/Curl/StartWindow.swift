/// Which transfers of a host may start, so that a burst does not look its name up a thousand times at once: libcurl
/// spends a thread on each look-up, and only the first ones find nothing in its cache.
///
/// It also keeps the time of those that wait, here or inside libcurl, where a transfer that waits for a free connection
/// has no timeout. A pure value; a transfer is known to it until it has its host's address.
struct StartWindow {
    /// Transfers of one host that may be without an address at once.
    static let width = 16

    private struct Entry {
        var host: String
        var deadline: ContinuousClock.Instant
    }

    private struct Host {
        var starting = 0
        var waiting: [UInt64] = []
        /// Where the queue begins in `waiting`; those who gave up are still in it.
        var first = 0
    }

    private var entries: [UInt64: Entry] = [:]
    private var hosts: [String: Host] = [:]
    private(set) var starting: Set<UInt64> = []

    var isEmpty: Bool { entries.isEmpty }

    /// Whether it may start now. If not, a later `leave` names it.
    mutating func arrive(_ id: UInt64, host: String, deadline: ContinuousClock.Instant) -> Bool {
        entries[id] = Entry(host: host, deadline: deadline)
        if hosts[host, default: Host()].starting == Self.width {
            hosts[host]?.waiting.append(id)
            return false
        }
        hosts[host, default: Host()].starting += 1
        starting.insert(id)
        return true
    }

    /// It has its address, or is given up. Returns the one that may start in its place.
    mutating func leave(_ id: UInt64) -> UInt64? {
        guard let entry = entries.removeValue(forKey: id), starting.remove(id) != nil else { return nil }
        let next = nextWaiting(at: entry.host)
        if let next {
            starting.insert(next)
        } else {
            hosts[entry.host]?.starting -= 1
            if hosts[entry.host]?.starting == 0 { hosts[entry.host] = nil }
        }
        return next
    }

    func isWaiting(_ id: UInt64) -> Bool { entries[id] != nil && !starting.contains(id) }

    /// Those whose time is up, waiting or starting.
    func late(at now: ContinuousClock.Instant) -> [UInt64] {
        entries.filter { $0.value.deadline <= now }.map(\.key)
    }

    private mutating func nextWaiting(at host: String) -> UInt64? {
        guard var queue = hosts[host] else { return nil }
        defer { hosts[host] = queue }
        while queue.first < queue.waiting.count {
            let id = queue.waiting[queue.first]
            queue.first += 1
            if entries[id] != nil { return id }
        }
        queue.waiting = []
        queue.first = 0
        return nil
    }
}
