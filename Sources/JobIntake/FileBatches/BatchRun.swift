import JobFlow
import Logging

/// Runs one batch from wherever it is to its end. Holds its lock; may be killed at any moment, and is then begun again by
/// whoever gets the lock next: every step may be done twice.
struct BatchRun: Sendable {
    let tools: BatchTools
    let id: BatchID

    /// Between two looks at what has ended.
    static let pause = Duration.milliseconds(250)
    /// When nothing has ended for so long, every line is looked at.
    static let patience = Duration.seconds(30)

    func run() async throws(BatchTrouble) {
        guard var batch = try await tools.load(id), !batch.status.isTerminal else { return tools.tidy(id) }
        let scan = try await scan(batch)
        if !scan.faults.isEmpty {
            batch.faults = scan.faults
            batch.enter(.failed, at: tools.now())
            try await tools.save(batch)
            return tools.tidy(id)
        }
        if batch.counts.total == 0 {
            batch.counts.total = scan.customIDs.count
            if batch.status == .validating { batch.enter(.inProgress, at: tools.now()) }
            try await tools.save(batch)
        }
        let progress = BatchProgress(isSubmitted: batch.isSubmitted)
        let work = batch
        let result = await withTaskGroup(of: Result<Void, BatchTrouble>?.self) { group in
            group.addTask {
                await BatchSubmission(tools: tools, batch: work, progress: progress).run()
                return nil
            }
            group.addTask {
                var collection = BatchCollection(tools: tools, batch: work, scan: scan, progress: progress)
                do throws(BatchTrouble) { return .success(try await collection.run()) } catch { return .failure(error) }
            }
            for await result in group {
                guard let result else { continue }
                group.cancelAll()
                return result
            }
            return .success(())
        }
        try result.get()
    }

    private func scan(_ batch: FileBatch) async throws(BatchTrouble) -> BatchScan {
        var scan = BatchScan()
        var reader = tools.reader(id)
        while let group = try await tools.next(&reader) {
            for (number, range) in group.lines {
                scan.add(number, Result { () throws(IntakeProblem) in try tools.parse(group, range, batch) })
            }
        }
        scan.end()
        return scan
    }
}
