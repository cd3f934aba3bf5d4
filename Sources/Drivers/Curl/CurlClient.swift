package import Cancellation

/// HTTP by libcurl: one thread carries all its requests, and connections are kept and reused among them.
package final class CurlClient: Sendable {
    /// libcurl's version and those of the libraries it uses.
    package static let version = CurlLibrary.version

    private static let idleTransfers = 1024

    private let configuration: CurlConfiguration
    private let loop: CurlLoop
    private let thread: CurlThread
    private let transfers = TransferPool(limit: CurlClient.idleTransfers)

    /// Starts the thread.
    package init(configuration: CurlConfiguration = .init()) throws(CurlError) {
        self.configuration = configuration
        loop = try CurlLoop(configuration)
        thread = try CurlThread(loop)
    }

    deinit { shutdown() }

    /// The answer, whatever its status. A request that a server may have seen is never sent a second time (GET and HEAD
    /// excepted). When the task or the `cancellation` is cancelled the connection is closed at once and the error is
    /// `cancelled`.
    package func send(
        _ request: CurlRequest, cancellation: CallCancellation? = nil
    ) async throws(CurlError) -> CurlResponse {
        try await carry(request, cancellation, nil)
    }

    /// The same, with the body handed over as it arrives: the answer that is returned has none. Somebody has to take the
    /// `pieces` meanwhile, which end when this returns or throws; of who is slow, the server waits.
    package func receive(
        _ request: CurlRequest, cancellation: CallCancellation? = nil, into pieces: CurlPieces
    ) async throws(CurlError) -> CurlResponse {
        defer { pieces.finish() }
        return try await carry(request, cancellation, pieces)
    }

    private func carry(
        _ request: CurlRequest, _ cancellation: CallCancellation?, _ pieces: CurlPieces?
    ) async throws(CurlError) -> CurlResponse {
        try RequestRules.check(request)
        let transfer = try transfers.take()
        try transfer.prepare(request, configuration)
        if let pieces { transfer.setInflow(window: pieces.window) }
        let end = await loop.run(transfer, TransferStart(request, now: .now), cancellation, pieces)
        if let pieces { _ = pieces.receive(transfer.takeArrived()) }
        let response = try transfer.outcome(end)
        // Only after a success: what failed is not worth the question what libcurl remembers of it.
        transfers.put(transfer)
        return response
    }

    /// Ends what runs with `closed` and waits for the thread, some milliseconds. Later requests fail with `closed`.
    package func shutdown() {
        loop.stop()
        thread.join()
    }
}
