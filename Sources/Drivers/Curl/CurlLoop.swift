import CCurl
import Cancellation
import Synchronization

/// Carries transfers on one thread: `main` is that thread's whole life, the rest may be called from anywhere.
final class CurlLoop: Sendable {
    private let multi: CurlMulti
    private let inbox = Mutex(CurlInbox())
    private let lastID = Atomic<UInt64>(0)

    init(_ configuration: CurlConfiguration) throws(CurlError) { multi = try CurlMulti(configuration) }

    /// Carries the transfer to its end. It is the caller's again when this returns.
    func run(
        _ transfer: CurlTransfer, _ start: TransferStart, _ cancellation: CallCancellation?, _ pieces: CurlPieces?
    ) async -> TransferEnd {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        pieces?.onRoom { self.resume(id) }
        cancellation?.watch { self.cancel(id) }
        defer { cancellation?.unwatch() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation {
                post(
                    RunningTransfer(id: id, transfer: transfer, start: start, pieces: pieces, waiter: $0),
                    cancellation)
            }
        } onCancel: {
            cancel(id)
        }
    }

    /// Ends all that runs; `main` returns soon after.
    func stop() { act(on: inbox.withLock { $0.close() }) }

    /// The thread's life.
    func main() {
        ccurl_block_signals()
        var carrier = CurlCarrier(multi)
        var isOpen = true
        while isOpen {
            let turn = carrier.turn()
            if turn == CCURL_WOKEN { isOpen = deliver(to: &carrier) }
            if turn == CCURL_BROKEN { isOpen = false }
        }
        _ = inbox.withLock { $0.close() }
        _ = deliver(to: &carrier)
        carrier.close()
    }

    private func post(_ running: RunningTransfer, _ cancellation: CallCancellation?) {
        // Looked up inside the lock: a cancellation after it posts its message behind this one, so none is missed.
        let posting = inbox.withLock {
            Task.isCancelled || cancellation?.isCancelled == true ? nil : $0.post(.start(running))
        }
        guard let posting else { return running.end(.cancelled) }
        if posting == .closed { running.end(.closed) } else { act(on: posting) }
    }

    private func cancel(_ id: UInt64) { act(on: inbox.withLock { $0.post(.cancel(id)) }) }

    private func resume(_ id: UInt64) { act(on: inbox.withLock { $0.post(.resume(id)) }) }

    private func act(on posting: CurlInbox.Posting) { if posting == .wake { multi.wake() } }

    /// False when it was the last delivery.
    private func deliver(to carrier: inout CurlCarrier) -> Bool {
        let (messages, isClosed) = inbox.withLock { ($0.take(), $0.isClosed) }
        carrier.receive(messages)
        return !isClosed
    }
}
