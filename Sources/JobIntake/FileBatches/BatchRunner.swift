import JobFlow
import Logging
import Synchronization

/// Runs the batches of the folder that nobody else runs. A process that dies lets go of its locks, and another takes over.
struct BatchRunner: Sendable {
    static let pause = Duration.seconds(1)

    let tools: BatchTools
    let bell: BatchBell
    private let running = RunningBatches()

    init(tools: BatchTools, bell: BatchBell) {
        self.tools = tools
        self.bell = bell
    }

    /// Until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            var nextSweep = ContinuousClock.now
            while !Task.isCancelled {
                for id in running.open(tools.rack.ids()) {
                    guard let lock = tools.rack.lock(id) else {
                        running.leave(id, isOver: false)
                        continue
                    }
                    group.addTask { await run(id, lock) }
                }
                if nextSweep <= .now {
                    await sweep()
                    nextSweep = .now + .seconds(60)
                }
                await bell.wait(atMost: Self.pause)
            }
        }
    }

    private func sweep() async {
        let (tools, now) = (tools, tools.now())
        try? await tools.disk { () throws(FileFault) in
            tools.rack.sweep(at: now)
            tools.shelf.sweep(at: now)
            SentBefore(folder: tools.shelf.folder).sweep(at: now)
        }
    }

    private func run(_ id: BatchID, _ lock: OpenFile) async {
        var isFailing = false
        while !Task.isCancelled {
            do throws(BatchTrouble) {
                try await BatchRun(tools: tools, id: id).run()
                break
            } catch {
                if !isFailing, !Task.isCancelled {
                    tools.logger.error(
                        "a batch cannot go on", metadata: ["batch.id": "\(id)", "error": "\(error.description)"])
                }
                isFailing = true
                try? await Task.sleep(for: Self.pause)
            }
        }
        withExtendedLifetime(lock) { running.leave(id, isOver: !Task.isCancelled) }
    }
}

/// Which batches this process runs, and which need nobody any more.
private final class RunningBatches: Sendable {
    private let state = Mutex((running: Set<BatchID>(), over: Set<BatchID>()))

    /// Those of the list that are to be looked at; they count as running.
    func open(_ ids: [BatchID]) -> [BatchID] {
        state.withLock { state in
            state.over.formIntersection(ids)
            let open = ids.filter { !state.over.contains($0) && !state.running.contains($0) }
            state.running.formUnion(open)
            return open
        }
    }

    func leave(_ id: BatchID, isOver: Bool) {
        state.withLock { state in
            state.running.remove(id)
            if isOver { state.over.insert(id) }
        }
    }
}

/// Rings when there is a new batch.
final class BatchBell: Sendable {
    private let waiting = Mutex<(hasRung: Bool, waiter: AsyncStream<Never>.Continuation?)>((false, nil))

    func ring() {
        waiting.withLock { state in
            state.hasRung = true
            state.waiter?.finish()
        }
    }

    func wait(atMost time: Duration) async {
        let (stream, waiter) = AsyncStream<Never>.makeStream()
        waiting.withLock { state in
            if state.hasRung { waiter.finish() }
            state = (false, waiter)
        }
        await withTaskGroup { group in
            group.addTask { for await _ in stream {} }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
    }
}
