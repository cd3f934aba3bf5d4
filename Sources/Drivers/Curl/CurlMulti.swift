import CCurl

/// The multi handle with its epoll set and wake-up, freed with this object.
///
/// `@unchecked Sendable` is safe because `wake` may be called from anywhere and all else is called by the loop's thread
/// only; `deinit` runs when neither that thread nor a sender is left.
@safe final class CurlMulti: @unchecked Sendable {
    private let handle: OpaquePointer
    /// Held for as long as the loop may ask it.
    private let door: CurlDoor?

    init(_ configuration: CurlConfiguration) throws(CurlError) {
        door = configuration.mayConnect.map(CurlDoor.init)
        guard CurlLibrary.start == CURLE_OK,
            let handle = unsafe ccurl_loop_new(
                configuration.maximumConnections, configuration.maximumHostConnections, configuration.http2,
                door == nil ? nil : CurlDoor.ask, door.map { unsafe Unmanaged.passUnretained($0).toOpaque() })
        else { throw CurlError(kind: .other, message: "libcurl could not be started", requestWasSent: false) }
        unsafe self.handle = handle
    }

    deinit { unsafe ccurl_loop_free(handle) }

    func wake() { unsafe ccurl_loop_wake(handle) }

    func turn(atMost limit: Duration?) -> ccurl_turn {
        let milliseconds = limit.map { $0 == .zero ? 0 : Int32($0.curlMilliseconds) }
        return unsafe ccurl_loop_turn(handle, milliseconds ?? -1)
    }

    func add(_ running: RunningTransfer) -> CURLMcode {
        unsafe ccurl_loop_add(handle, running.transfer.handle, running.id)
    }

    func remove(_ running: RunningTransfer) { unsafe ccurl_loop_remove(running.transfer.handle) }

    func nextFinished() -> (id: UInt64, code: CURLcode)? {
        var id: UInt64 = 0
        var code = CURLE_OK
        return unsafe ccurl_loop_next_finished(handle, &id, &code) ? (id, code) : nil
    }

    func nextArrived() -> UInt64? {
        var id: UInt64 = 0
        return unsafe ccurl_loop_next_arrived(handle, &id) ? id : nil
    }

    func close() { unsafe ccurl_loop_close(handle) }
}
