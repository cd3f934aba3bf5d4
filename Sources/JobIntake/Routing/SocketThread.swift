/// Where a process runs its tasks on the thread of its sockets, what blocks or computes for long has to run elsewhere.
enum SocketThread {
    /// Runs on the threads that all Swift programs have, as many as there are cores.
    static func leave<Value: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        try await withTaskExecutorPreference(globalConcurrentExecutor, operation: body)
    }
}
