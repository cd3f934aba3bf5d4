/// The worker processes.
package struct WorkerSettings: Sendable, Equatable {
    /// Health and metrics of a worker. Port 0 picks a free one.
    package var listen = ListenAddress(host: "127.0.0.1", port: 9464)
    package var processes = 1
    /// Jobs that one process holds at a time.
    package var concurrency = 1000
    /// How long a claim holds without renewal: after a crash the job runs again no sooner.
    package var lease: Duration = .seconds(30)
    /// How long running calls may finish after SIGTERM before they are given back.
    package var drain: Duration = .seconds(30)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("listen", .listen, \.listen),
        KeySpec("processes", .integer(1...1024), \.processes),
        KeySpec("concurrency", .integer(1...100_000), \.concurrency),
        KeySpec("lease", .duration(.seconds(2) ... .seconds(3600)), \.lease),
        KeySpec("drain", .duration(.zero ... .seconds(3600)), \.drain),
    ]
}
