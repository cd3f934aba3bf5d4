/// A transfer in the loop's hands, and who waits for it.
struct RunningTransfer: Sendable {
    let id: UInt64
    let transfer: CurlTransfer
    let start: TransferStart
    /// Where the answer goes as it arrives; nil: it is kept until it is whole.
    private let pieces: CurlPieces?
    private let waiter: CheckedContinuation<TransferEnd, Never>

    init(
        id: UInt64, transfer: CurlTransfer, start: TransferStart, pieces: CurlPieces?,
        waiter: CheckedContinuation<TransferEnd, Never>
    ) {
        self.id = id
        self.transfer = transfer
        self.start = start
        self.pieces = pieces
        self.waiter = waiter
    }

    /// Hands on what has arrived.
    func forward() {
        guard let pieces else { return }
        if pieces.receive(transfer.takeArrived()) { transfer.resumeInflow() } else { transfer.holdInflow() }
    }

    /// Gives the transfer back. libcurl must have let go of it.
    func end(_ end: TransferEnd) { waiter.resume(returning: end) }
}
