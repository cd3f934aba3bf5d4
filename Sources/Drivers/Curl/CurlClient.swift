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
        try RequestRules.check(request)
        let transfer = try transfers.take()
        try transfer.prepare(request, configuration)
        let end = await loop.run(transfer, TransferStart(request, now: .now), cancellation)
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
