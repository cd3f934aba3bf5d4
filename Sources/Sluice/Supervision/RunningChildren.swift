import Glibc
import Synchronization

/// The processes that a supervisor runs at this moment.
final class RunningChildren: Sendable {
    private let pids = Mutex<[String: pid_t]>([:])

    func started(_ name: String, _ pid: pid_t) { pids.withLock { $0[name] = pid } }

    func ended(_ name: String) { pids.withLock { $0[name] = nil } }

    func signal(_ signal: Int32) {
        pids.withLock { for pid in $0.values { kill(pid, signal) } }
    }
}
