/// What the loop has to know to start a transfer.
struct TransferStart: Sendable, Equatable {
    private let url: String
    /// By then it must at least have its host's address.
    let deadline: ContinuousClock.Instant

    init(_ request: CurlRequest, now: ContinuousClock.Instant) {
        url = request.url
        deadline = now + min(request.timeout, request.connectTimeout, .seconds(Int64(Int32.max)))
    }

    /// Scheme, name and port as written; the same for requests that can share a name look-up.
    var host: String {
        guard let scheme = url.firstIndex(of: "/") else { return url }
        let authority = url[scheme...].drop { $0 == "/" }.prefix { !"/?#".contains($0) }
        return String(url[..<scheme] + (authority.split(separator: "@").last ?? authority))
    }
}
