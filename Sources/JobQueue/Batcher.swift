import JobFlow
import Synchronization

/// Collects calls that arrive while others are under way and sends them together: one script carries many jobs, and an
/// idle queue still answers at once.
///
/// A call is not undone when its caller is cancelled: what was handed over is written.
final class Batcher<Item: Sendable, Reply: Sendable>: Sendable {
    typealias Perform = @Sendable ([Item]) async -> Result<[Reply], StoreError>

    private typealias Line = BatchLine<Item, CheckedContinuation<Result<Reply, StoreError>, Never>>

    private let state: Mutex<Line>
    private let perform: Perform
    private let size: @Sendable (Item) -> Int
    private let (bell, ringer) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// - Parameter size: bytes that a call brings along.
    init(limits: BatchLimits = BatchLimits(), size: @escaping @Sendable (Item) -> Int, perform: @escaping Perform) {
        state = Mutex(Line(limits))
        self.size = size
        self.perform = perform
    }

    func call(_ item: Item) async throws(StoreError) -> Reply {
        let bytes = size(item)
        let result: Result<Reply, StoreError> = await withCheckedContinuation { continuation in
            let refusal = state.withLock { $0.enter(item, bytes: bytes, continuation) }
            if let refusal { continuation.resume(returning: .failure(refusal)) } else { ringer.yield() }
        }
        return try result.get()
    }

    /// Sends batches until the task is cancelled; what still waits then is refused.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await _ in bell {
                while let batch = state.withLock({ $0.nextBatch() }) {
                    group.addTask { await self.send(batch) }
                }
            }
        }
        for call in state.withLock({ $0.close() }) { call.waiter.resume(returning: .failure(.stopped)) }
    }

    private func send(_ batch: Line.Batch) async {
        let result = await perform(batch.calls.map(\.item)).mapError { $0.code == .cancelled ? .stopped : $0 }
        for (index, call) in batch.calls.enumerated() {
            call.waiter.resume(returning: result.flatMap { Self.reply(index, of: batch.calls.count, in: $0) })
        }
        switch result {
        case .success: state.withLock { $0.ended() }
        case .failure(let error):
            let hopeless = state.withLock { $0.failed(batch, error) }
            for call in hopeless { call.waiter.resume(returning: .failure(error)) }
        }
        ringer.yield()
    }

    private static func reply(_ index: Int, of count: Int, in replies: [Reply]) -> Result<Reply, StoreError> {
        guard replies.count == count else {
            return .failure(StoreError(.protocolViolation, "a script answered for \(replies.count) of \(count) jobs"))
        }
        return .success(replies[index])
    }
}

extension StoreError {
    /// A batch is cancelled when the store stops; its callers are not.
    fileprivate static var stopped: StoreError { StoreError(.unavailable, "the queue client has stopped") }
}
