package import JobFlow

extension InMemoryJobStore: JobBatches {
    package func batch(_ id: BatchID) async throws(StoreError) -> BatchStanding? { read { $0.batch(id) } }

    package func remember(_ sent: SentBatch, as id: BatchID) async throws(StoreError) {
        change { $0.sentBatches[id] = sent }
    }

    package func sent(_ id: BatchID) async throws(StoreError) -> SentBatch? { read { $0.sentBatches[id] } }

    package func ended(in batch: BatchID, partition: Int, from start: Int, limit: Int)
        async throws(StoreError) -> [JobID]
    {
        read { Array($0.ended(in: batch, partition).dropFirst(start).prefix(limit)) }
    }
}

extension StoredJobs {
    func batch(_ id: BatchID) -> BatchStanding? {
        let records = jobs.filter { $0.key.batch == id }.map(\.value.record)
        guard let first = records.min(by: { $0.spec.createdAt < $1.spec.createdAt }) else { return nil }
        let counts = Dictionary(grouping: records, by: \.state).mapValues(\.count)
        return BatchStanding(counts: counts, createdAt: first.spec.createdAt, caller: first.spec.caller)
    }

    func ended(in batch: BatchID, _ partition: Int) -> [JobID] {
        let ended = jobs.filter { $0.key.batch == batch && $0.key.partition == partition && $0.value.isEnded }
        return ended.sorted { ($0.value.enteredAt, $0.key.line) < ($1.value.enteredAt, $1.key.line) }.map(\.key)
    }
}

extension StoredJob {
    fileprivate var isEnded: Bool { record.state.isTerminal }
}
