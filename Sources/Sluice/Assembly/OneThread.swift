import DequeModule
import NIOCore
import NIOPosix
import Synchronization

/// Runs the tasks of a process on the thread that also reads and writes its sockets.
///
/// What a request or a job waits for is mostly another thread to wake up: from the socket's to a task's and back. On one
/// thread there is nobody to wake, and what came in together goes on together, in larger batches: a fifth of the CPU time of
/// an intake, a twentieth of a worker's. The threads of curl and of the journal are others still. A host with more cores is
/// used by more processes.
enum OneThread {
    static func run(_ body: sending () async throws -> Void) async throws {
        NIOSingletons.groupLoopCountSuggestion = 1
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        try await withTaskExecutorPreference(LoopExecutor(loop), operation: body)
    }
}

/// The loop would run whatever is ready before it looks at its sockets again. Here it is let go after a while.
private final class LoopExecutor: TaskExecutor {
    private struct State {
        var ready: Deque<UnownedJob> = []
        /// The loop is about to run some of them, or does.
        var isScheduled = false
    }

    /// For so long nobody looks at the sockets.
    private static let turn = Duration.milliseconds(1)
    private static let atOnce = 32
    private let loop: any EventLoop
    private let state = Mutex(State())

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFirst = state.withLock { state in
            state.ready.append(job)
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if isFirst { loop.execute { self.run() } }
    }

    private func run() {
        let end = ContinuousClock.now + Self.turn
        while let jobs = next() {
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
            if .now >= end { return goOnLater() }
        }
    }

    /// Some at a time: looking at a clock and taking a lock for each would cost more than many of them do.
    private func next() -> [UnownedJob]? {
        state.withLock { state in
            let jobs = Array(state.ready.prefix(Self.atOnce))
            state.ready.removeFirst(jobs.count)
            if jobs.isEmpty { state.isScheduled = false }
            return jobs.isEmpty ? nil : jobs
        }
    }

    /// What is due in the future is not run before the loop has looked at its sockets.
    private func goOnLater() {
        _ = loop.scheduleTask(in: .microseconds(20)) { self.run() }
    }
}
