package import Cancellation
package import JobFlow
import Synchronization

/// An endpoint pool that does what the test says, and remembers what it was asked.
package final class ScriptedCompleter: PromptCompleter {
    package typealias Script = @Sendable (Prompt, _ tried: Set<String>) async -> CompletionOutcome

    package struct Seen: Sendable {
        /// One entry a call, in the order they began.
        package var prompts: [Prompt] = []
        package var tried: [Set<String>] = []
        package var running = 0
        package var mostRunning = 0
    }

    private struct State {
        var seen = Seen()
        var capacity = PoolCapacity(calls: .max)
    }

    private let state = Mutex(State())
    private let script: Script
    private let room = Wakeup()

    package init(_ script: @escaping Script) { self.script = script }

    /// Gives these outcomes, one a call; the last one again and again.
    package convenience init(_ outcomes: CompletionOutcome...) {
        let left = OutcomeList(outcomes)
        self.init { _, _ in left.next() }
    }

    package var seen: Seen { state.withLock { $0.seen } }

    package func setCapacity(_ capacity: PoolCapacity) { state.withLock { $0.capacity = capacity } }

    /// Tells whoever waits for room that there may be some.
    package func open() { room.raise() }

    package func waitForRoom() async { await room.sleep() }

    package func capacity() -> PoolCapacity { state.withLock { $0.capacity } }

    package func complete(
        _ prompt: Prompt, avoiding tried: Set<String>, cancellation: CallCancellation
    ) async -> CompletionOutcome {
        state.withLock { state in
            state.seen.prompts.append(prompt)
            state.seen.tried.append(tried)
            state.seen.running += 1
            state.seen.mostRunning = max(state.seen.mostRunning, state.seen.running)
        }
        let outcome = await run(cancellation) { await self.script(prompt, tried) }
        state.withLock { $0.seen.running -= 1 }
        return outcome
    }

    /// To a script, cancellation is that of its task.
    private func run(
        _ cancellation: CallCancellation, _ script: @escaping @Sendable () async -> CompletionOutcome
    ) async -> CompletionOutcome {
        let cancelled = Latch()
        cancellation.watch { cancelled.open() }
        defer { cancellation.unwatch() }
        if cancellation.isCancelled { cancelled.open() }
        return await withTaskGroup(of: CompletionOutcome?.self) { group in
            group.addTask { await script() }
            group.addTask {
                await cancelled.wait()
                return nil
            }
            var outcome: CompletionOutcome?
            while let ended = await group.next() {
                group.cancelAll()
                outcome = outcome ?? ended
            }
            return outcome ?? .exhausted
        }
    }
}

private final class OutcomeList: Sendable {
    private let outcomes: Mutex<[CompletionOutcome]>

    init(_ outcomes: [CompletionOutcome]) { self.outcomes = Mutex(outcomes) }

    func next() -> CompletionOutcome {
        outcomes.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? .unserved }
    }
}
