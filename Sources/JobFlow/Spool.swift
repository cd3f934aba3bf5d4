import Synchronization

/// Counts the jobs that this process has promised and the queue does not have yet: they are in the journal, and are sent
/// later in the order of their acceptance. While one is there, every new job goes the same way, so that none overtakes it.
///
/// The journal holds more rows than are counted here: those of jobs whose fate is not known yet, and of jobs that the queue has
/// while the note of it is on its way to the disk. So the count is not what was sent: it is what may be left (`empty`).
package final class Spool: Sendable {
    private struct State {
        var count = 0
        /// Everything that ever entered.
        var entries = 0
        /// The last number of a waiter or a page.
        var next = 0
        var waiting: [Int: AsyncStream<Never>.Continuation] = [:]
        var underway: Set<JobID> = []
        var refused: Set<JobID> = []
        /// Pages of the journal that are being read, and what was withdrawn since they began.
        var pages: [(number: Int, withdrawn: Set<JobID>)] = []
        var followers: [Follower] = []

        /// Whatever was refused before, these are promised.
        mutating func promised(_ ids: some Collection<JobID>) {
            underway.subtract(ids)
            refused.subtract(ids)
            for index in pages.indices { pages[index].withdrawn.subtract(ids) }
        }

        func standing(of id: JobID) -> Standing {
            underway.contains(id) ? .underway : refused.contains(id) ? .refused : .promised
        }
    }

    /// What is known of a job that the journal has.
    package enum Standing: Sendable, Equatable {
        /// It is being accepted, and may still be refused: nobody else is to send it.
        case underway
        /// It was refused, and the journal could not let it go.
        case refused
        case promised
    }

    /// Is told the count before and after each change, in order. Runs under the lock: it has to be quick.
    package typealias Follower = @Sendable (_ old: Int, _ new: Int) -> Void

    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.count } }

    package var isEmpty: Bool { count == 0 }

    package func standing(of id: JobID) -> Standing { state.withLock { $0.standing(of: id) } }

    /// Those that are being accepted at this moment.
    package var underway: Set<JobID> { state.withLock { $0.underway } }

    /// The job is being accepted; until its fate is told by `ended`, `entered`, `wereWithdrawn`, `wereRefused` or
    /// `gaveUp`.
    package func began(_ id: JobID) { began(CollectionOfOne(id)) }

    package func began(_ ids: some Collection<JobID>) { state.withLock { $0.underway.formUnion(ids) } }

    /// The queue has it.
    package func ended(_ id: JobID) { ended(CollectionOfOne(id)) }

    package func ended(_ ids: some Collection<JobID>) { state.withLock { $0.promised(ids) } }

    /// They were refused, and the journal has let them go. A page of it that is being read may still hold them.
    package func wereWithdrawn(_ ids: some Collection<JobID>) {
        state.withLock { state in
            state.underway.subtract(ids)
            state.refused.subtract(ids)
            for index in state.pages.indices { state.pages[index].withdrawn.formUnion(ids) }
        }
    }

    /// Nothing has come of it: what was known of the jobs before holds. If some may be here already, from an earlier request,
    /// and were passed over because they were under way, the journal is read once more.
    package func gaveUp(_ ids: [JobID], mayBeHere: Bool = false) {
        change { state in
            state.underway.subtract(ids)
            guard mayBeHere else { return }
            state.entries += 1
            state.count = max(state.count, 1)
        }
    }

    /// They are on disk, and the queue does not have them. False, and they are under way still, if more than `limit` would be
    /// here.
    package func entered(_ ids: [JobID], within limit: Int = .max) -> Bool {
        change { state in
            guard ids.count <= limit - state.count else { return false }
            state.promised(ids)
            state.entries += ids.count
            state.count += ids.count
            return true
        }
    }

    /// They stay out of the spool, unless they are accepted later, under the same name.
    package func wereRefused(_ ids: some Collection<JobID>) {
        state.withLock { state in
            state.underway.subtract(ids)
            state.refused.formUnion(ids)
        }
    }

    /// To be called before a page of the journal is read. It is known what was withdrawn since for as long as the page is kept.
    package func beginPage() -> Page {
        let (number, underway) = state.withLock { state in
            state.next += 1
            state.pages.append((state.next, []))
            return (state.next, state.underway)
        }
        return Page(of: self, number, underway: underway)
    }

    func endPage(_ number: Int) { state.withLock { state in state.pages.removeAll { $0.number == number } } }

    func isUnpromised(_ id: JobID, inPage number: Int) -> Bool {
        state.withLock { state in
            state.standing(of: id) != .promised
                || state.pages.contains { $0.number == number && $0.withdrawn.contains(id) }
        }
    }

    /// Sends what is here, by one reading of the journal from its beginning to its end. What had entered before is on disk,
    /// and was read; what enters meanwhile may have been, and counts until the next time. By one caller at a time.
    ///
    /// - Parameter send: tells how many it has sent as it goes on. If it throws, the rest is still here.
    package func empty<Failure>(_ send: (_ sent: (Int) -> Void) async throws(Failure) -> Void) async throws(Failure) {
        let before = state.withLock { $0.entries }
        try await send { number in change { $0.count = max($0.entries - before, $0.count - number) } }
        change { $0.count = $0.entries - before }
    }

    /// Begins with what an earlier process left in the journal.
    package func found(_ number: Int) { change { $0.count += number } }

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

    private func change<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        let (result, waiting) = state.withLock { state in
            let old = state.count
            let result = body(&state)
            if state.count != old { state.followers.forEach { $0(old, state.count) } }
            guard state.count > 0 else { return (result, [AsyncStream<Never>.Continuation]()) }
            defer { state.waiting = [:] }
            return (result, Array(state.waiting.values))
        }
        for waiter in waiting { waiter.finish() }
        return result
    }
}
