import HTTPTypes
import JobFlow
import Logging
import Synchronization

/// Why a batch cannot go on now. It is begun again a little later.
struct BatchTrouble: Error, Sendable, CustomStringConvertible {
    var description: String
}

/// What running a batch takes.
struct BatchTools: Sendable {
    let rack: BatchRack
    let shelf: FileShelf
    let acceptance: AcceptJob
    let store: any JobStore
    let control: any JobControl
    let batches: any JobBatches
    let cancellation: NoteCancellation
    let configuration: IntakeConfiguration
    let now: WallClock
    let logger: Logger

    func load(_ id: BatchID) async throws(BatchTrouble) -> FileBatch? {
        try await disk { () throws(FileFault) in rack.find(id) }
    }

    func save(_ batch: FileBatch) async throws(BatchTrouble) {
        try await disk { () throws(FileFault) in try rack.save(batch) }
    }

    func tidy(_ id: BatchID) { rack.tidy(id) }

    func reader(_ id: BatchID) -> BatchReader {
        BatchReader(rack.folder.path(rack.input(id)), maximumLineBytes: configuration.maximumBodyBytes)
    }

    func next(_ reader: inout BatchReader) async throws(BatchTrouble) -> LineGroup? {
        do throws(FileFault) { return try await reader.next() } catch { throw BatchTrouble(description: "\(error)") }
    }

    func disk<Value: Sendable>(_ body: @escaping @Sendable () throws(FileFault) -> Value) async throws(BatchTrouble)
        -> Value
    {
        do throws(FileFault) { return try await DiskFolder.run(body) } catch {
            throw BatchTrouble(description: "\(error)")
        }
    }

    func parse(_ group: LineGroup, _ range: Range<Int>?, _ batch: FileBatch) throws(IntakeProblem) -> JobRequest {
        guard let range else {
            throw IntakeProblem(
                .badRequest, code: "line_too_long",
                "The line is longer than the \(configuration.maximumBodyBytes) bytes allowed.")
        }
        return try JobRequest(
            parsing: group.text[range], line: terms(batch), caller: batch.caller, configuration, now: batch.createdAt)
    }

    private func terms(_ batch: FileBatch) -> LineTerms {
        let queue = configuration.queues.first { $0.name == "batch" }?.name
        return LineTerms(queue: queue, deadline: batch.expiresAt, path: batch.endpoint)
    }

    func job(_ batch: FileBatch, _ line: Int) -> JobID {
        JobID(batch: batch.id, line: line, partition: line % max(1, configuration.partitions))
    }
}

/// What submission and collection of a batch tell each other.
final class BatchProgress: Sendable {
    private let state: Mutex<(isSubmitted: Bool, isWanted: Bool)>

    init(isSubmitted: Bool) { state = Mutex((isSubmitted, !isSubmitted)) }

    var isSubmitted: Bool { state.withLock { $0.isSubmitted } }

    func submitted() { state.withLock { $0.isSubmitted = true } }

    /// The queue has forgotten jobs: they are sent again, which makes none twice.
    func submitAgain() {
        state.withLock {
            if $0.isSubmitted { $0 = (false, true) }
        }
    }

    /// Whether there is something to submit.
    func take() -> Bool {
        state.withLock { state in
            defer { state.isWanted = false }
            return state.isWanted
        }
    }
}
