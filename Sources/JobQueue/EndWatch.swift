import JobFlow
import Synchronization

/// Callers that wait for the end of a job, woken by announcements on a channel. After a gap in the subscription everybody
/// is woken, and each looks for itself.
final class EndWatch: Sendable {
    struct Ticket: Hashable, Sendable {
        var id: JobID
        var number: Int
    }

    private enum Place {
        /// Registered; the record is being read.
        case open
        /// Announced before the caller began to wait.
        case announced
        case waiting(CheckedContinuation<Void, Never>)
    }

    private struct State {
        var places: [JobID: [Int: Place]] = [:]
        var lastNumber = 0
    }

    private let state = Mutex(State())

    /// Takes a place. Taken before the record is read, so that an end between reading and waiting is not missed.
    func register(_ id: JobID) -> Ticket {
        state.withLock { state in
            state.lastNumber += 1
            state.places[id, default: [:]][state.lastNumber] = .open
            return Ticket(id: id, number: state.lastNumber)
        }
    }

    /// Returns when the job is announced, everybody is woken, or the task is cancelled.
    func wait(_ ticket: Ticket) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    guard !Task.isCancelled, case .open = state.places[ticket.id]?[ticket.number] else { return true }
                    state.places[ticket.id]?[ticket.number] = .waiting(continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            leave(ticket)
        }
    }

    /// Gives the place back; a waiter there is woken.
    func leave(_ ticket: Ticket) {
        let place = state.withLock { state in
            let place = state.places[ticket.id]?.removeValue(forKey: ticket.number)
            if state.places[ticket.id]?.isEmpty == true { state.places[ticket.id] = nil }
            return place
        }
        if case .waiting(let continuation) = place { continuation.resume() }
    }

    func announce(_ id: JobID) { wake { state in [id].filter { state.places[$0] != nil } } }

    func announceAll() { wake { Array($0.places.keys) } }

    private func wake(_ choose: (State) -> [JobID]) {
        let woken = state.withLock { state in
            var woken: [CheckedContinuation<Void, Never>] = []
            for id in choose(state) {
                for (number, place) in state.places[id] ?? [:] {
                    if case .waiting(let continuation) = place { woken.append(continuation) }
                    state.places[id]?[number] = .announced
                }
            }
            return woken
        }
        woken.forEach { $0.resume() }
    }
}
