import CCurl

/// One exchange in libcurl's memory: the easy handle and all it points to, freed with this object.
///
/// `@unchecked Sendable` is safe because one party at a time has it: the sender prepares it, hands it to the loop
/// through the inbox's lock, and has it back when its continuation is resumed.
@safe final class CurlTransfer: @unchecked Sendable {
    let handle: OpaquePointer
    /// Of the request it last carried.
    var shape: Shape?

    init() throws(CurlError) {
        guard let handle = unsafe ccurl_transfer_new() else { throw .outOfMemory }
        unsafe self.handle = handle
    }

    deinit { unsafe ccurl_transfer_free(handle) }

    /// Whether nothing happened that libcurl would remember.
    var isReusable: Bool { unsafe ccurl_was_sent_once(handle) }

    /// Forgets the exchange, and with it the caller's keys and prompt.
    func reset() { unsafe ccurl_forget_exchange(handle) }
}

// MARK: - What came of it

extension CurlTransfer {
    func outcome(_ end: TransferEnd) throws(CurlError) -> CurlResponse {
        switch end {
        case .finished(let code) where code != CURLE_OK.rawValue: throw failure(CURLcode(rawValue: code))
        // libcurl takes a head that breaks off for a whole answer.
        case .finished: if headIsComplete { return response } else { throw failure(CURLE_PARTIAL_FILE) }
        case .refused(let code): throw refusal(CURLMcode(rawValue: code))
        case .timedOut:
            throw CurlError(
                kind: .timedOut, code: Int32(CURLE_OPERATION_TIMEDOUT.rawValue),
                message: "no connection could be had in time", requestWasSent: requestWasSent)
        case .cancelled: throw ended(.cancelled, "the request was cancelled")
        case .closed: throw ended(.closed, "the client was shut down")
        }
    }

    /// Whether the host's address is known, be it by a reused connection. Asked by the loop's thread.
    var hasAddress: Bool { unsafe ccurl_has_address(handle) }

    private var requestWasSent: Bool { unsafe ccurl_request_bytes_sent(handle) > 0 }

    private var headIsComplete: Bool { unsafe ccurl_head_is_complete(handle) }

    var response: CurlResponse {
        var count = 0
        let head = unsafe UnsafeBufferPointer(start: ccurl_head(handle, &count), count: count)
        let headers = unsafe CurlHeaders(lines: Array(head))
        let body = unsafe UnsafeBufferPointer(start: ccurl_body(handle, &count), count: count)
        return unsafe CurlResponse(status: ccurl_status(handle), headers: headers, body: Array(body))
    }

    private func ended(_ kind: CurlError.Kind, _ message: String) -> CurlError {
        CurlError(kind: kind, message: message, requestWasSent: requestWasSent)
    }

    private func refusal(_ code: CURLMcode) -> CurlError {
        let text = unsafe String(cString: curl_multi_strerror(code))
        return CurlError(kind: .other, message: "libcurl did not take the request: \(text)", requestWasSent: false)
    }

    private func failure(_ code: CURLcode) -> CurlError {
        let sent = requestWasSent
        let tooLarge = unsafe ccurl_too_large(handle)
        let isRefused = unsafe ccurl_address_was_refused(handle)
        let kind = CurlError.kind(of: code, requestWasSent: sent, tooLarge: tooLarge, addressRefused: isRefused)
        return CurlError(
            kind: kind, code: Int32(code.rawValue), message: message(code, kind: kind), requestWasSent: sent)
    }

    /// libcurl's own text is more exact, but only before the request is sent is it certain not to quote the exchange.
    private func message(_ code: CURLcode, kind: CurlError.Kind) -> String {
        let general = unsafe String(cString: curl_easy_strerror(code))
        switch kind {
        case .addressRefused: return "the host has no address that may be connected to"
        case .unresolvedHost, .connectionFailed, .tls:
            let exact = unsafe String(cString: ccurl_error_text(handle))
            return exact.isEmpty ? general : exact
        default:
            return code == CURLE_ABORTED_BY_CALLBACK ? "a reused connection broke before the answer" : general
        }
    }
}
