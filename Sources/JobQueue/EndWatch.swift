import JobFlow
import Synchronization

/// Callers that wait for the end of a job, woken by announcements on a channel, by an interruption, or when their time is up.
/// After a gap in the subscription everybody is woken, and each looks for itself.
final class EndWatch: Sendable {
    struct Ticket: Hashable, Sendable {
        var id: JobID
        var number: Int
    }

    /// A place that was taken before its job was submitted.
    struct Reservation: Sendable {
        var ticket: Ticket
        var spec: JobSpec
    }

    private enum Place {
        /// Registered; the record is being read.
        case open
        /// Announced before the caller began to wait.
        case announced
        case waiting(CheckedContinuation<Void, Never>, until: ContinuousClock.Instant?)
    }

    private struct State {
        var places: [JobID: [Int: Place]] = [:]
        var lastNumber = 0
        var reservations: [JobID: Reservation] = [:]
        var timetable = Timetable<Ticket>()
        var isClosed = false

        mutating func register(_ id: JobID) -> Ticket {
            lastNumber += 1
            places[id, default: [:]][lastNumber] = .open
            return Ticket(id: id, number: lastNumber)
        }
    }

    private let state = Mutex(State())
    private let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Takes a place. Taken before the record is read, so that an end between reading and waiting is not missed.
    func register(_ id: JobID) -> Ticket { state.withLock { $0.register(id) } }

    /// How many places are taken.
    var count: Int { state.withLock { $0.places.values.reduce(0) { $0 + $1.count } } }

    /// Takes a place for whoever asks for it by `takeReserved`, once. Taken before the job is submitted, so that nothing has to be read
    /// before waiting.
    func reserve(_ spec: JobSpec) {
        state.withLock { $0.reservations[spec.id] = Reservation(ticket: $0.register(spec.id), spec: spec) }
    }

    func takeReserved(_ id: JobID) -> Reservation? {
        state.withLock { $0.reservations.isEmpty ? nil : $0.reservations.removeValue(forKey: id) }
    }

    /// Returns when the job is announced, everybody is woken, the time is up, the wait is interrupted, or the task is cancelled.
    func wait(_ ticket: Ticket, until end: ContinuousClock.Instant? = nil, unless interruption: Interruption? = nil)
        async
    {
        if let interruption, !interruption.attach({ self.leave(ticket) }) { return }
        defer { interruption?.detach() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if !sit(ticket, continuation, until: end) { continuation.resume() }
            }
        } onCancel: {
            leave(ticket)
        }
    }

    /// False if there is nothing to wait for.
    private func sit(
        _ ticket: Ticket, _ continuation: CheckedContinuation<Void, Never>, until end: ContinuousClock.Instant?
    ) -> Bool {
        let (sits, isFirst) = state.withLock { state in
            guard !Task.isCancelled, !state.isClosed, case .open = state.places[ticket.id]?[ticket.number] else {
                return (false, false)
            }
            state.places[ticket.id]?[ticket.number] = .waiting(continuation, until: end)
            let wasEmpty = state.timetable.isEmpty
            if let end { state.timetable.insert(ticket, at: end, now: .now) }
            return (true, wasEmpty && end != nil)
        }
        if isFirst { ringer.yield() }
        return sits
    }

    /// Gives the place back; a waiter there is woken.
    func leave(_ ticket: Ticket) {
        let place = state.withLock { state in
            let place = state.places[ticket.id]?.removeValue(forKey: ticket.number)
            if state.places[ticket.id]?.isEmpty == true { state.places[ticket.id] = nil }
            return Self.wake(place, ticket, &state)
        }
        place?.resume()
    }

    func announce(_ id: JobID) { wake { state in state.places[id] == nil ? [] : [id] } }

    func announceAll() { wake { Array($0.places.keys) } }

    private func wake(_ choose: (State) -> [JobID]) {
        let woken = state.withLock { state in
            var woken: [CheckedContinuation<Void, Never>] = []
            for id in choose(state) {
                for (number, place) in state.places[id] ?? [:] {
                    if let waiter = Self.wake(place, Ticket(id: id, number: number), &state) { woken.append(waiter) }
                    state.places[id]?[number] = .announced
                }
            }
            return woken
        }
        woken.forEach { $0.resume() }
    }

    private static func wake(_ place: Place?, _ ticket: Ticket, _ state: inout State) -> CheckedContinuation<
        Void, Never
    >? {
        guard case .waiting(let continuation, let end) = place else { return nil }
        if let end { state.timetable.remove(ticket, at: end) }
        return continuation
    }

    /// Lets those go whose time is up, until the task is cancelled; then all. One clock for everybody: a sleeping task for each
    /// wait would outlive it, since a sleep that is cancelled keeps its timer until it is due.
    func run() async {
        for await _ in bell {
            while !Task.isCancelled, !state.withLock({ $0.timetable.isEmpty }) {
                try? await Task.sleep(for: Timetable<Ticket>.tick)
                for ticket in state.withLock({ $0.timetable.takeDue(.now) }) { leave(ticket) }
            }
        }
        state.withLock { $0.isClosed = true }
        announceAll()
    }
}
