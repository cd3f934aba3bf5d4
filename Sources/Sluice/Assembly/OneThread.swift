import NIOCore
import NIOPosix

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

private final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) { self.loop = loop }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
