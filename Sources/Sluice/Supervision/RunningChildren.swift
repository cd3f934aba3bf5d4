import Glibc
import Synchronization

/// The processes that a supervisor runs at this moment.
final class RunningChildren: Sendable {
    private struct State {
        var pids: [String: pid_t] = [:]
        var stopping: Set<String> = []
        var heedingHangups: Set<String> = []
    }

    private let state = Mutex(State())

    func started(_ name: String, _ pid: pid_t, heedsHangups: Bool) {
        state.withLock { state in
            state.pids[name] = pid
            if heedsHangups { state.heedingHangups.insert(name) }
        }
    }

    func ended(_ name: String) { state.withLock { $0.pids[name] = nil } }

    func hangUp() {
        state.withLock { state in
            for name in state.heedingHangups { if let pid = state.pids[name] { kill(pid, SIGHUP) } }
        }
    }

    /// It was asked to stop.
    func stopping(_ name: String) { state.withLock { _ = $0.stopping.insert(name) } }

    /// Asks those once more that were asked to stop and have not ended. What they stand on runs on until they have.
    func hurry() {
        state.withLock { state in
            for name in state.stopping { if let pid = state.pids[name] { kill(pid, SIGTERM) } }
        }
    }
}
