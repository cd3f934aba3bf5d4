import CCurl

/// An answer that is taken while it arrives.
extension CurlTransfer {
    func setInflow(window: Int) { unsafe ccurl_set_inflow(handle, window) }

    /// What has arrived since this was last asked; without a head while nothing of the body has.
    func takeArrived() -> CurlResponse? {
        let arrived = response
        guard !arrived.body.isEmpty else { return nil }
        unsafe ccurl_arrived_taken(handle)
        return arrived
    }

    func holdInflow() { unsafe ccurl_inflow_hold(handle) }

    func resumeInflow() { unsafe ccurl_inflow_resume(handle) }
}
