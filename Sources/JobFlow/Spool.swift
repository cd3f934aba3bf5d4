import Synchronization

/// Counts the jobs that this process has promised and the queue does not have yet: they are in the journal, and are sent
/// later in the order of their acceptance. While one is there, every new job goes the same way, so that none overtakes it.
///
/// The count follows the journal, it does not rule it: whoever sends the jobs takes the journal's word (`recount`) when it
/// believes to be done.
package final class Spool: Sendable {
    private struct State {
        var count = 0
        /// Everything that ever entered.
        var entries = 0
        var next = 0
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        /// Jobs that are in the journal, or about to be, and may still be refused.
        var underway: Set<JobID> = []
        var followers: [Follower] = []
    }

    /// Is told the count before and after each change, in order. Runs under the lock: it has to be quick.
    package typealias Follower = @Sendable (_ old: Int, _ new: Int) -> Void

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.count } }

    package var isEmpty: Bool { count == 0 }

    /// The job is being accepted: nobody else is to send it.
    package func began(_ id: JobID) { state.withLock { _ = $0.underway.insert(id) } }

    package func began(_ ids: [JobID]) { state.withLock { $0.underway.formUnion(ids) } }

    /// Its fate is known, and on disk.
    package func ended(_ id: JobID) { state.withLock { _ = $0.underway.remove(id) } }

    package func ended(_ ids: some Sequence<JobID>) { state.withLock { $0.underway.subtract(ids) } }

    package func isUnderway(_ id: JobID) -> Bool { state.withLock { $0.underway.contains(id) } }

    package var hasUnderway: Bool { state.withLock { !$0.underway.isEmpty } }

    /// A job is in the journal, and the queue does not have it. Said before whoever empties the spool can see it.
    package func entered(_ number: Int = 1) {
        change { state in
            state.entries += number
            state.count += number
        }
    }

    /// The queue has so many of them now.
    package func left(_ number: Int) { change { $0.count = max(0, $0.count - number) } }

    /// Takes the journal's word for the count. What enters while it counts is added: better a job too many here, which the
    /// next count puts right, than one that is forgotten.
    package func recount<Failure>(_ counted: () async throws(Failure) -> Int) async throws(Failure) {
        let before = state.withLock { $0.entries }
        let number = try await counted()
        change { $0.count = number + $0.entries - before }
    }

    /// Returns when a job is here, or the task is cancelled.
    package func waitUntilNotEmpty() async {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let ticket = state.withLock { state -> Int? in
            guard state.count == 0 else { return nil }
            state.next += 1
            state.waiting[state.next] = continuation
            return state.next
        }
        guard let ticket else { return }
        for await _ in stream {}
        state.withLock { $0.waiting[ticket] = nil }
    }

    /// Tells of the count as it is, and of every change from now on.
    package func follow(_ follower: @escaping Follower) {
        state.withLock { state in
            state.followers.append(follower)
            follower(state.count, state.count)
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            let old = state.count
            body(&state)
            if state.count != old { state.followers.forEach { $0(old, state.count) } }
            guard state.count > 0 else { return [AsyncStream<Never>.Continuation]() }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for waiter in waiting { waiter.finish() }
    }
}
