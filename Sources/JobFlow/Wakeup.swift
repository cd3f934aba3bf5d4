import Synchronization

/// One sleeper, many who may wake it. A call before the sleep is remembered.
package final class Wakeup: Sendable {
    private struct State {
        var isRaised = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    package init() {}

    package func raise() {
        let sleeper = state.withLock { state in
            defer { state.sleeper = nil }
            state.isRaised = state.sleeper == nil
            return state.sleeper
        }
        sleeper?.resume()
    }

    /// Returns when it is raised, the time is up, or the task is cancelled.
    package func sleep(atMost limit: Duration, clock: some Clock<Duration> = ContinuousClock()) async {
        guard limit > .zero else { return await Task.yield() }
        await withTaskGroup { group in
            group.addTask { await self.sleep() }
            group.addTask { try? await clock.sleep(for: limit) }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when it is raised, or the task is cancelled.
    package func sleep() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    if state.isRaised || Task.isCancelled {
                        state.isRaised = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                defer { state.sleeper = nil }
                return state.sleeper
            }
            sleeper?.resume()
        }
    }
}
