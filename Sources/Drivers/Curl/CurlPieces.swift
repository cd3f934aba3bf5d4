import Synchronization

/// The body of one answer as it arrives. One party takes it, with `for await`; what comes while that party is busy is one
/// piece.
package final class CurlPieces: Sendable, AsyncSequence {
    private struct State {
        var head: CurlResponse?
        var arrived: [UInt8] = []
        /// The sender waits for room.
        var isHeld = false
        var isFinished = false
        var taker: CheckedContinuation<Void, Never>?
        var onRoom: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    /// Bytes that may wait here. Some more can be on their way.
    let window: Int

    package init(window: Int = 256 << 10) { self.window = window }

    /// Status and headers; nil before the first piece.
    package var head: CurlResponse? { state.withLock { $0.head } }

    package struct Iterator: AsyncIteratorProtocol {
        let pieces: CurlPieces

        package func next() async -> [UInt8]? { await pieces.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(pieces: self) }

    private func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let hasCome = state.withLock { state in
                if !state.arrived.isEmpty || state.isFinished { return true }
                state.taker = continuation
                return false
            }
            if hasCome { continuation.resume() }
        }
        return take()
    }

    private func take() -> [UInt8]? {
        let (piece, onRoom) = state.withLock { state in
            defer {
                state.arrived = []
                state.isHeld = false
            }
            return (state.arrived, state.isHeld ? state.onRoom : nil)
        }
        onRoom?()
        return piece.isEmpty ? nil : piece
    }
}

// MARK: - For who carries the call

extension CurlPieces {
    /// Is called when there is room again after `receive` has said that there was none.
    func onRoom(_ action: @escaping @Sendable () -> Void) { state.withLock { $0.onRoom = action } }

    /// Whether more may come at once.
    func receive(_ arrived: CurlResponse?) -> Bool {
        guard let arrived else { return true }
        let (taker, hasRoom) = state.withLock { state in
            if state.head == nil { state.head = CurlResponse(status: arrived.status, headers: arrived.headers) }
            state.arrived += arrived.body
            state.isHeld = state.arrived.count >= window
            defer { state.taker = nil }
            return (state.taker, !state.isHeld)
        }
        taker?.resume()
        return hasRoom
    }

    func finish() {
        let taker = state.withLock { state in
            state.isFinished = true
            state.onRoom = nil
            defer { state.taker = nil }
            return state.taker
        }
        taker?.resume()
    }
}
