import CCurl

/// The transfers on the loop's thread: which wait, which run, and how each ends.
struct CurlCarrier {
    private static let sweepInterval = Duration.milliseconds(100)

    private let multi: CurlMulti
    private var table: [UInt64: RunningTransfer] = [:]
    private var window = StartWindow()
    private var nextSweep = ContinuousClock.now

    init(_ multi: CurlMulti) { self.multi = multi }

    /// Waits for something to do and does it. Those without an address are looked after by the clock, too.
    mutating func turn() -> ccurl_turn {
        let turn = multi.turn(atMost: window.isEmpty ? nil : Self.sweepInterval)
        settleFinished()
        letStart()
        return turn
    }

    mutating func receive(_ message: CurlInbox.Message) {
        switch message {
        case .start(let running):
            table[running.id] = running
            if window.arrive(running.id, host: running.start.host, deadline: running.start.deadline) {
                add(running.id)
            }
        case .cancel(let id): end(id, .cancelled)
        }
    }

    /// Ends all that is left, and the connections.
    mutating func close() {
        for id in table.keys { end(id, .closed) }
        multi.close()
    }

    private mutating func add(_ first: UInt64) {
        var next: UInt64? = first
        while let id = next, let running = table[id] {
            let code = multi.add(running)
            guard code != CURLM_OK else { return }
            table[id] = nil
            next = window.leave(id)
            running.end(.refused(code.rawValue))
        }
    }

    /// Nothing to do when the transfer has ended already.
    private mutating func end(_ id: UInt64, _ end: TransferEnd) {
        guard let running = table.removeValue(forKey: id) else { return }
        if !window.isWaiting(id) { multi.remove(running) }
        leaveWindow(id)
        running.end(end)
    }

    private mutating func settleFinished() {
        while let (id, code) = multi.nextFinished() {
            leaveWindow(id)
            table.removeValue(forKey: id)?.end(.finished(code.rawValue))
        }
    }

    private mutating func letStart() {
        if window.isEmpty { return }
        for id in window.starting where table[id]?.transfer.hasAddress == true { leaveWindow(id) }
        let now = ContinuousClock.now
        guard now >= nextSweep else { return }
        nextSweep = now + Self.sweepInterval
        for id in window.late(at: now) { end(id, .timedOut) }
    }

    private mutating func leaveWindow(_ id: UInt64) {
        if let next = window.leave(id) { add(next) }
    }
}
