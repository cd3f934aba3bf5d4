import NIOCore

/// What one connection is at, and what has to be done when its client is slow, wrong or gone. Pure: time comes in, actions
/// go out.
///
/// A request has one deadline, from its first byte to its last; one that is streamed, from each part of its body to the next. A connection whose request was answered before it had
/// arrived is not used again: what may still come is read for a moment, so that the client can see the answer.
struct ConnectionState {
    /// How long a client has to read the last answer on a connection.
    static let farewell = TimeAmount.seconds(2)

    private enum Phase {
        case betweenRequests
        case header(deadline: NIODeadline)
        case body(deadline: NIODeadline)
        /// Answered too early; the rest of the body is let through to be dropped.
        case draining(until: NIODeadline)
        /// Ended by us; nothing is let through any more.
        case ending(until: NIODeadline)
    }

    enum TimerAction: Equatable {
        case nothing
        case again(NIODeadline)
        case answerTimeout
        case abort
    }

    enum ErrorAction: Equatable {
        case nothing
        case answerMalformed
        case abort
    }

    private let requestTimeout: TimeAmount
    private var phase = Phase.betweenRequests
    /// Requests whose head came and whose answer is not complete.
    private var unanswered = 0
    private var isAnswering = false
    private var closesAfterAnswer = false
    /// The body may take its time, as long as it comes.
    private var isStreamed = false

    init(requestTimeout: TimeAmount) { self.requestTimeout = requestTimeout }

    /// Returns the time to look again, if the clock of a request starts with these bytes.
    mutating func bytesArrived(at now: NIODeadline) -> NIODeadline? {
        guard case .betweenRequests = phase else { return nil }
        phase = .header(deadline: now + requestTimeout)
        return now + requestTimeout
    }

    /// Returns whether the request may go on to its route.
    mutating func headArrived(at now: NIODeadline, isStreamed: Bool = false) -> Bool {
        self.isStreamed = isStreamed
        switch phase {
        case .header(let deadline), .body(let deadline): phase = .body(deadline: deadline)
        case .betweenRequests: phase = .body(deadline: now + requestTimeout)
        case .draining(let until), .ending(let until):
            phase = .ending(until: until)
            return false
        }
        unanswered += 1
        return true
    }

    /// Whether what the client still sends is dropped here.
    var isEnding: Bool {
        if case .ending = phase { true } else { false }
    }

    mutating func bodyArrived(at now: NIODeadline) {
        if isStreamed, case .body = phase { phase = .body(deadline: now + requestTimeout) }
    }

    mutating func requestEnded() {
        if case .body = phase { phase = .betweenRequests }
    }

    /// Returns whether the connection ends with this answer.
    mutating func answerBegan() -> Bool {
        isAnswering = true
        if case .body = phase { closesAfterAnswer = unanswered == 1 }
        return closesAfterAnswer
    }

    /// Returns the time to look again, if the connection has to be half closed now.
    mutating func answerEnded(at now: NIODeadline) -> NIODeadline? {
        isAnswering = false
        unanswered -= 1
        guard closesAfterAnswer else { return nil }
        phase = .draining(until: now + Self.farewell)
        return now + Self.farewell
    }

    mutating func timerFired(at now: NIODeadline) -> TimerAction {
        switch phase {
        case .betweenRequests: return .nothing
        case .draining(let until), .ending(let until): return now < until ? .again(until) : .abort
        case .header(let deadline), .body(let deadline):
            if now < deadline { return .again(deadline) }
            if isOwed { return .again(postponed(now)) }
            if isAnswering { return .abort }
            phase = .ending(until: now + Self.farewell)
            return .answerTimeout
        }
    }

    mutating func errorArrived(at now: NIODeadline) -> ErrorAction {
        switch phase {
        case .draining, .ending: return .nothing
        case .betweenRequests, .header, .body:
            if isOwed || isAnswering { return .abort }
            phase = .ending(until: now + Self.farewell)
            return .answerMalformed
        }
    }

    /// An earlier request waits for its answer: the client is not the slow one, and nothing may overtake that answer.
    private var isOwed: Bool {
        if case .body = phase { unanswered > 1 } else { unanswered > 0 }
    }

    private mutating func postponed(_ now: NIODeadline) -> NIODeadline {
        let deadline = now + requestTimeout
        if case .body = phase { phase = .body(deadline: deadline) } else { phase = .header(deadline: deadline) }
        return deadline
    }
}
