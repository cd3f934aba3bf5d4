import CCurl
import Synchronization

/// Carries transfers on one thread: `main` is that thread's whole life, the rest may be called from anywhere.
final class CurlLoop: Sendable {
    private let multi: CurlMulti
    private let inbox = Mutex(CurlInbox())
    private let lastID = Atomic<UInt64>(0)

    init(_ configuration: CurlConfiguration) throws(CurlError) { multi = try CurlMulti(configuration) }

    /// Carries the transfer to its end. It is the caller's again when this returns.
    func run(_ transfer: CurlTransfer) async -> TransferEnd {
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        return await withTaskCancellationHandler {
            await withCheckedContinuation { start(RunningTransfer(id: id, transfer: transfer, waiter: $0)) }
        } onCancel: {
            act(on: inbox.withLock { $0.post(.cancel(id)) })
        }
    }

    /// Ends all that runs; `main` returns soon after.
    func stop() { act(on: inbox.withLock { $0.close() }) }

    private func start(_ running: RunningTransfer) {
        // Looked up inside the lock: a cancellation after it posts its message behind this one, so none is missed.
        let posting = inbox.withLock { Task.isCancelled ? nil : $0.post(.start(running)) }
        guard let posting else { return running.end(.cancelled) }
        if posting == .closed { running.end(.closed) } else { act(on: posting) }
    }

    private func act(on posting: CurlInbox.Posting) { if posting == .wake { multi.wake() } }

    // MARK: On the loop's thread

    func main() {
        ccurl_block_signals()
        var table: [UInt64: RunningTransfer] = [:]
        var isOpen = true
        while isOpen {
            let turn = multi.turn()
            if turn == CCURL_WOKEN { isOpen = deliver(to: &table) }
            settleFinished(&table)
            if turn == CCURL_BROKEN { isOpen = false }
        }
        close(&table)
    }

    /// False when it was the last delivery.
    private func deliver(to table: inout [UInt64: RunningTransfer]) -> Bool {
        let (messages, isClosed) = inbox.withLock { ($0.take(), $0.isClosed) }
        for message in messages {
            switch message {
            case .start(let running): start(running, in: &table)
            case .cancel(let id): end(id, .cancelled, in: &table)
            }
        }
        return !isClosed
    }

    private func start(_ running: RunningTransfer, in table: inout [UInt64: RunningTransfer]) {
        let code = multi.add(running)
        if code == CURLM_OK { table[running.id] = running } else { running.end(.refused(code.rawValue)) }
    }

    /// Nothing to do when the transfer has ended already.
    private func end(_ id: UInt64, _ end: TransferEnd, in table: inout [UInt64: RunningTransfer]) {
        guard let running = table.removeValue(forKey: id) else { return }
        multi.remove(running)
        running.end(end)
    }

    private func settleFinished(_ table: inout [UInt64: RunningTransfer]) {
        while let (id, code) = multi.nextFinished() {
            table.removeValue(forKey: id)?.end(.finished(code.rawValue))
        }
    }

    private func close(_ table: inout [UInt64: RunningTransfer]) {
        _ = inbox.withLock { $0.close() }
        _ = deliver(to: &table)
        for id in table.keys { end(id, .closed, in: &table) }
        multi.close()
    }
}
