import JobFlow

/// Every key in Redis. All keys of one partition carry one hash tag, so that one script may touch them all.
enum QueueKeys {
    /// KEYS[1] of every script; the scripts build the other names from it.
    static func prefix(_ partition: Int) -> String { "sluice{\(partition)}:" }

    /// What never changes of a job.
    static func payload(_ id: JobID) -> String { prefix(id.partition) + id.description }

    /// What there is to say of a job beyond that it waits.
    static func record(_ id: JobID) -> String { record(payload(id)) }

    static func record(_ payload: String) -> String { payload + ":r" }

    /// A list with at most one marker; an idle worker blocks on it.
    static func wake(_ partition: Int) -> String { prefix(partition) + "wake" }

    /// The channel on which ended jobs are announced to intakes that wait for them.
    static func ended(_ partition: Int) -> String { prefix(partition) + "ended" }

    /// The channel on which additions to logs are announced that somebody waits for.
    static func logged(_ partition: Int) -> String { prefix(partition) + "logged" }

    /// The channel on which jobs that are cancelled while they run are announced to the workers.
    static func cancelled(_ partition: Int) -> String { prefix(partition) + "cancelled" }

    /// Events that nobody has taken yet.
    static func webhooks(_ partition: Int) -> String { prefix(partition) + "webhooks" }

    static func paused(_ partition: Int) -> String { prefix(partition) + "paused" }

    static func census(_ partition: Int) -> String { prefix(partition) + "census" }

    static func stream(_ queue: String, _ partition: Int) -> String { prefix(partition) + "stream:" + queue }

    /// The counts of a batch.
    static func batch(_ id: BatchID, _ partition: Int) -> String { prefix(partition) + "batch:" + id.name }

    /// What came under the key of a batch.
    static func sentBatch(_ id: BatchID) -> String { batch(id, 0) + ":sent" }

    /// The lines of its jobs that have ended, as the ends of their ids.
    static func endedOfBatch(_ id: BatchID, _ partition: Int) -> String { batch(id, partition) + ":ended" }
}
