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
        do throws(StoreError) { return try await ManyRecords(store: tools.store).read(ids) } catch {
            throw BatchTrouble(description: "\(error)")
        }
    }

    /// Ends jobs that have not ended, all at a time. One that cannot be ended now is tried again with the next look.
    func end(_ ids: [JobID]) async {
        await withDiscardingTaskGroup { group in
            for id in ids { group.addTask { await end(id) } }
        }
    }

    private func end(_ id: JobID) async {
        do throws(StoreError) {
            guard case .cancelled(let epoch, let state) = try await tools.control.cancel(id),
                let record = try await tools.store.record(id)
            else { return }
            await tools.cancellation.note(record, epoch: epoch, from: state, record.spec.correlationID)
        } catch {
            tools.logger.warning("a job of a batch could not be cancelled", metadata: ["job.id": "\(id)"])
        }
    }
}
