import CCurl

/// The transfers on the loop's thread: which wait, which run, and how each ends.
struct CurlCarrier {
    private static let sweepInterval = Duration.milliseconds(100)
    /// A burst of thousands keeps answers waiting no longer than this takes, and servers can keep up with its connections.
    private static let messagesATurn = 64

    private let multi: CurlMulti
    private var messages: ArraySlice<CurlInbox.Message> = []
    private var table: [UInt64: RunningTransfer] = [:]
    private var window = StartWindow()
    private var nextSweep = ContinuousClock.now

    init(_ multi: CurlMulti) { self.multi = multi }

    /// Does what was asked, hands back what has ended and waits for something to do.
    mutating func turn() -> ccurl_turn {
        actOnMessages()
        letStart()
        forwardArrived()
        settleFinished()
        return multi.turn(atMost: patience)
    }

    mutating func receive(_ messages: [CurlInbox.Message]) { self.messages += messages }

    /// Ends all that is left, and the connections.
    mutating func close() {
        settleFinished()
        for case .start(let running) in messages { running.end(.closed) }
        for id in table.keys { end(id, .closed) }
        multi.close()
    }

    /// Those without an address are looked after by the clock.
    private var patience: Duration? {
        if !messages.isEmpty { return .zero }
        return window.isEmpty ? nil : Self.sweepInterval
    }

    private mutating func actOnMessages() {
        for message in messages.prefix(Self.messagesATurn) { act(on: message) }
        messages = messages.count > Self.messagesATurn ? messages.dropFirst(Self.messagesATurn) : []
    }

    private mutating func act(on message: CurlInbox.Message) {
        switch message {
        case .start(let running):
            table[running.id] = running
            if arrive(running) { add(running.id) }
        case .cancel(let id): end(id, .cancelled)
        case .resume(let id): if !window.isWaiting(id) { table[id]?.transfer.resumeInflow() }
        }
    }

    /// Whether it may start now. With nobody at the window it may, and has its address already if a connection is kept.
    private mutating func arrive(_ running: RunningTransfer) -> Bool {
        if window.isEmpty { return true }
        return window.arrive(running.id, host: running.start.host, deadline: running.start.deadline)
    }

    private mutating func add(_ first: UInt64) {
        var next: UInt64? = first
        while let id = next, let running = table[id] {
            let code = multi.add(running)
            if code != CURLM_OK { table.removeValue(forKey: id)?.end(.refused(code.rawValue)) }
            next = code != CURLM_OK || running.transfer.hasAddress ? window.leave(id) : wait(running)
        }
    }

    /// For its address; the window knows it already if it did not find it empty.
    private mutating func wait(_ running: RunningTransfer) -> UInt64? {
        if window.isEmpty {
            _ = window.arrive(running.id, host: running.start.host, deadline: running.start.deadline)
        }
        return nil
    }

    /// Nothing to do when the transfer has ended already.
    private mutating func end(_ id: UInt64, _ end: TransferEnd) {
        guard let running = table.removeValue(forKey: id) else { return }
        if !window.isWaiting(id) { multi.remove(running) }
        leaveWindow(id)
        running.end(end)
    }

    private func forwardArrived() {
        while let id = multi.nextArrived() { table[id]?.forward() }
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
        if !window.isEmpty, let next = window.leave(id) { add(next) }
    }
}
