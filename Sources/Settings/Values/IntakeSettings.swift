/// The HTTP intake and what it accepts.
package struct IntakeSettings: Sendable, Equatable {
    package var listen = ListenAddress(host: "127.0.0.1", port: 8080)
    /// Of one request body, except files and batches, which are streamed.
    package var maxBodyBytes = 1_048_576
    /// Of an uploaded file.
    package var maxFileBytes = 209_715_200
    /// How many files may be stored, and how large they may be together: uploads are refused beyond.
    package var maxFiles = 10_000
    package var maxStoredBytes = 21_474_836_480
    /// The folder of files and of the batches in them. Intakes that share it share them.
    package var files = "var/files"
    /// How many accepted jobs may wait on local disk while Redis is away.
    package var spoolMaxJobs = 100_000
    /// Whether a job is on local disk before it is promised. Without, a job can be lost with Redis' last second.
    package var journal = true
    package var maxConnections = 10_000
    /// For a client to send its whole request: what bounds a slow one.
    package var requestTimeout: Duration = .seconds(30)
    /// For a kept-alive connection without a request.
    package var idleTimeout: Duration = .seconds(60)

    /// How long a client may wait for an answer on its connection; its job goes on after that.
    package var waitLimit: Duration = .seconds(600)

    package init() {}

    static let keys: [KeySpec<Self>] = [
        KeySpec("listen", .listen, \.listen),
        KeySpec("max_body_bytes", .integer(1024...268_435_456), \.maxBodyBytes),
        KeySpec("max_file_bytes", .integer(1024...1_073_741_824), \.maxFileBytes),
        KeySpec("max_files", .integer(1...1_000_000), \.maxFiles),
        KeySpec("max_stored_bytes", .integer(1024...1_125_899_906_842_624), \.maxStoredBytes),
        KeySpec("files", .text, \.files),
        KeySpec("spool_max_jobs", .integer(0...100_000_000), \.spoolMaxJobs),
        KeySpec("journal", .boolean, \.journal),
        KeySpec("max_connections", .integer(1...1_000_000), \.maxConnections),
        KeySpec("request_timeout", .duration(.seconds(1) ... .seconds(3600)), \.requestTimeout),
        KeySpec("idle_timeout", .duration(.seconds(1) ... .seconds(3600)), \.idleTimeout),
        KeySpec("wait_limit", .duration(.seconds(1) ... .seconds(3600)), \.waitLimit),
    ]
}
