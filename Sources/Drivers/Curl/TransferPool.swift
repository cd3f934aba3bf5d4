import Synchronization

/// Transfers at rest, to be used again. Making one costs libcurl some 6 KB and as many microseconds.
final class TransferPool: Sendable {
    private let idle = Mutex<[CurlTransfer]>([])
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    func take() throws(CurlError) -> CurlTransfer {
        if let transfer = idle.withLock({ $0.popLast() }) { return transfer }
        return try CurlTransfer()
    }

    func put(_ transfer: CurlTransfer) {
        guard transfer.isReusable else { return }
        transfer.reset()
        idle.withLock { if $0.count < limit { $0.append(transfer) } }
    }
}
