import HTTPTypes
import JobFlow
import Metrics

/// Makes jobs of a group of lines. A bad line never spoils its neighbours.
struct AcceptLines: Sendable {
    let acceptance: AcceptJob
    let configuration: IntakeConfiguration
    let terms: LineTerms
    let caller: Caller
    let correlationID: String
    let trace: TraceContext?
    let createdAt: Timestamp
    let submitted: [String: Counter]

    /// - Returns: what became of them, and the batch whose jobs they are already.
    /// - Throws: when nothing can be accepted now.
    func accept(_ group: LineGroup, _ batch: BatchID, _ sending: Sending? = nil) async throws(IntakeProblem)
        -> (tally: LineTally, known: BatchID?)
    {
        var tally = LineTally()
        let specs = specs(group, batch, sending, &tally)
        guard !specs.isEmpty else { return (tally, nil) }
        var known: BatchID?
        for (spec, result) in zip(specs, try await acceptance.accept(specs)) {
            switch result {
            case .success(.accepted): count(spec, &tally)
            case .success(.known(let id)):
                tally.find(spec.id.line, id)
                known = known ?? id.batch
            case .failure(let problem): tally.reject(spec.id.line, problem)
            }
        }
        return (tally, known)
    }

    private func count(_ spec: JobSpec, _ tally: inout LineTally) {
        tally.accepted += 1
        submitted[spec.queue]?.increment()
    }

    private func specs(_ group: LineGroup, _ batch: BatchID, _ sending: Sending?, _ tally: inout LineTally) -> [JobSpec]
    {
        var specs: [JobSpec] = []
        specs.reserveCapacity(group.lines.count)
        for (number, range) in group.lines {
            do throws(IntakeProblem) {
                guard let range else { throw Self.tooLong(configuration.maximumBodyBytes) }
                var line = try JobRequest(
                    parsing: group.text[range], line: terms, sdkRetries: sending?.retries, caller: caller.name,
                    configuration, now: createdAt)
                if let sending { line.idempotency = line.idempotency?.firstOfBatch(sending) }
                var spec = line.spec(
                    batch, line: number, createdAt: createdAt, correlationID: correlationID,
                    partitions: configuration.partitions)
                spec.callerLimit = caller.limits.maxQueued
                spec.trace = trace
                specs.append(spec)
            } catch { tally.reject(number, error) }
        }
        return specs
    }

    private static func tooLong(_ limit: Int) -> IntakeProblem {
        IntakeProblem(.badRequest, code: "line_too_long", "The line is longer than the \(limit) bytes allowed.")
    }
}
