/// A transfer in the loop's hands, and who waits for it.
struct RunningTransfer: Sendable {
    let id: UInt64
    let transfer: CurlTransfer
    let start: TransferStart
    private let waiter: CheckedContinuation<TransferEnd, Never>

    init(id: UInt64, transfer: CurlTransfer, start: TransferStart, waiter: CheckedContinuation<TransferEnd, Never>) {
        self.id = id
        self.transfer = transfer
        self.start = start
        self.waiter = waiter
    }

    /// Gives the transfer back. libcurl must have let go of it.
    func end(_ end: TransferEnd) { waiter.resume(returning: end) }
}
