import JobFlow
import Logging

/// The jobs of one batch, as the queue has them.
struct BatchJobs: Sendable {
    let tools: BatchTools
    let batch: FileBatch

    func id(_ line: Int) -> JobID { tools.job(batch, line) }

    /// From the one of this number on, in the order of their ends.
    func ended(_ partition: Int, from start: Int, limit: Int) async throws(BatchTrouble) -> [JobID] {
        do throws(StoreError) {
            return try await tools.batches.ended(in: batch.id, partition: partition, from: start, limit: limit)
        } catch { throw BatchTrouble(description: "\(error)") }
    }

    func standings(_ lines: [Int]) async throws(BatchTrouble) -> [JobStanding?] {
        do throws(StoreError) { return try await tools.store.standings(lines.map(id)) } catch {
            throw BatchTrouble(description: "\(error)")
        }
    }

    /// In the order of the ids; nil for those that are kept no longer.
    func records(_ ids: [JobID]) async throws(BatchTrouble) -> [JobRecord?] {
        let store = tools.store
        var records = [JobRecord?](repeating: nil, count: ids.count)
        var fault: StoreError?
        await withTaskGroup(of: BatchRead.self) { group in
            for (index, id) in ids.enumerated() { group.addTask { await BatchRead(index, id, store) } }
            for await read in group {
                records[read.index] = read.record
                fault = fault ?? read.fault
            }
        }
        if let fault { throw BatchTrouble(description: "\(fault)") }
        return records
    }

    /// Ends jobs that have not ended, all at a time. One that cannot be ended now is tried again with the next look.
    func end(_ ids: [JobID]) async {
        await withDiscardingTaskGroup { group in
            for id in ids { group.addTask { await end(id) } }
        }
    }

    private func end(_ id: JobID) async {
        do throws(StoreError) {
            guard case .cancelled(let epoch) = try await tools.control.cancel(id),
                let record = try await tools.store.record(id)
            else { return }
            await tools.cancellation.note(record, epoch: epoch, record.spec.correlationID)
        } catch {
            tools.logger.warning("a job of a batch could not be cancelled", metadata: ["job.id": "\(id)"])
        }
    }
}

/// One record that was asked for. Not a tuple of an index and a `Result` of an optional: a group of those, reduced into a
/// dictionary, gave other records than were read when it was built with optimisation (Swift 6.3.1).
private struct BatchRead: Sendable {
    let index: Int
    private(set) var record: JobRecord?
    private(set) var fault: StoreError?

    init(_ index: Int, _ id: JobID, _ store: any JobStore) async {
        self.index = index
        do throws(StoreError) { record = try await store.record(id) } catch { fault = error }
    }
}
