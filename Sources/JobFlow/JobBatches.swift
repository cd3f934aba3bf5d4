/// The seam to what the queue knows of batches. It counts as jobs move: nobody looks at every job.
package protocol JobBatches: Sendable {
    /// Nil if no job of it was ever accepted, or the last one moved long ago.
    func batch(_ id: BatchID) async throws(StoreError) -> BatchStanding?

    /// Remembers what came under an idempotency key, for as long as the keys of jobs.
    func remember(_ sent: SentBatch, as id: BatchID) async throws(StoreError)

    func sent(_ id: BatchID) async throws(StoreError) -> SentBatch?

    /// The ended jobs of a batch, in the order of their ends, from the one of this number on. One that is run again and ends
    /// again is there twice; one whose record is kept no longer is there still.
    func ended(in batch: BatchID, partition: Int, from: Int, limit: Int) async throws(StoreError) -> [JobID]
}

package struct BatchStanding: Sendable, Equatable {
    /// Its jobs by state; those that have ended and are forgotten are counted too.
    package var counts: [JobState: Int]
    package var createdAt: Timestamp
    package var caller: String

    package init(counts: [JobState: Int], createdAt: Timestamp, caller: String) {
        self.counts = counts
        self.createdAt = createdAt
        self.caller = caller
    }

    package var total: Int { counts.values.reduce(0, +) }
}

/// A request under an idempotency key whose lines are all accepted.
package struct SentBatch: Sendable, Equatable {
    /// Of its body and terms, 64 characters.
    package var digest: String
    package var answer: [UInt8]

    package init(digest: String, answer: [UInt8]) {
        self.digest = digest
        self.answer = answer
    }
}
