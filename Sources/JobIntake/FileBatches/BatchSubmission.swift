import JobFlow
import Logging

/// Sends the lines of a batch to the queue. A line has the same job however often it is sent.
struct BatchSubmission: Sendable {
    let tools: BatchTools
    let batch: FileBatch
    let progress: BatchProgress

    /// Until the task is cancelled: the queue may forget, and want all of it again.
    func run() async {
        while !Task.isCancelled {
            if progress.take() { await submitAll() }
            try? await Task.sleep(for: .milliseconds(200))
        }
    }

    private func submitAll() async {
        do throws(BatchTrouble) {
            var reader = tools.reader(batch.id)
            while let group = try await tools.next(&reader), !isOver {
                var specs = group.lines.compactMap { spec(group, $0.number, $0.range) }
                while !specs.isEmpty, !isOver { specs = await submit(specs) }
            }
        } catch {
            tools.logger.error("a batch could not be read", metadata: ["batch.id": "\(batch.id)", "error": "\(error)"])
        }
        progress.submitted()
    }

    private var isOver: Bool {
        Task.isCancelled || tools.now() >= batch.expiresAt || tools.rack.cancelledAt(batch.id) != nil
    }

    private func spec(_ group: LineGroup, _ number: Int, _ range: Range<Int>?) -> JobSpec? {
        guard var line = try? tools.parse(group, range, batch) else { return nil }
        line.idempotency = nil
        var spec = line.spec(
            batch.id, line: number, createdAt: batch.createdAt, correlationID: "\(batch.id)-\(number)",
            partitions: tools.configuration.partitions)
        // Where it is looked for without its file.
        spec.id = tools.job(batch, number)
        spec.trace = batch.trace
        spec.callerLimit = tools.configuration.maxQueued(of: batch.caller)
        return spec
    }

    /// Returns those that have to be sent again.
    private func submit(_ specs: [JobSpec]) async -> [JobSpec] {
        do throws(IntakeProblem) {
            let results = try await tools.acceptance.accept(specs)
            // They wait until there is room.
            let full: [AcceptJob.LineResult] = [.failure(.queueFull), .failure(.callerQueueFull)]
            let refused = zip(specs, results).filter { full.contains($0.1) }.map(\.0)
            if !refused.isEmpty { try? await Task.sleep(for: .seconds(1)) }
            return refused
        } catch {
            try? await Task.sleep(for: .seconds(1))
            return specs
        }
    }
}
