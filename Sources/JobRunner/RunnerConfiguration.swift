package import JobFlow

/// Which jobs a worker takes, and when it repeats one.
package struct RunnerRules: Sendable {
    package var queues: [QueueWeight]
    package var schedule: RetrySchedule

    package init(queues: [QueueWeight], schedule: RetrySchedule) {
        self.queues = queues
        self.schedule = schedule
    }
}

/// What a worker needs to know of worker.json.
package struct RunnerConfiguration: Sendable {
    /// Name of this process in leases and ledger rows: host, pid and a random part.
    package var worker: String
    package var partitions: Int
    /// What may change while it runs.
    package let rules: Live<RunnerRules>
    /// Calls in flight at once. While their ends are written, so many more jobs may call.
    package var concurrency: Int
    package var lease: Duration
    /// How long running jobs may go on after a stop was asked for.
    package var drain: Duration
    /// The longest rest between two claim rounds: bounds how late housekeeping is.
    package var tick: Duration
    /// Jobs taken in one claim: bounds how long Redis is held.
    package var claimBatch: Int
    /// By which a process knows that its own leases ran out.
    package var uptime: Uptime

    package init(
        worker: String, partitions: Int = 1, queues: [QueueWeight], concurrency: Int = 1000,
        lease: Duration = .seconds(30), drain: Duration = .seconds(30), schedule: RetrySchedule = .init(),
        tick: Duration = .seconds(1), claimBatch: Int = 128,
        uptime: Uptime? = nil
    ) {
        self.worker = worker
        self.partitions = partitions
        rules = Live(RunnerRules(queues: queues, schedule: schedule))
        self.concurrency = concurrency
        self.lease = lease
        self.drain = drain
        self.tick = tick
        self.claimBatch = claimBatch
        self.uptime = uptime ?? SystemUptime.now
    }
}
