/// How one client treats its connections.
package struct CurlConfiguration: Sendable {
    /// Connections kept open for reuse; more are closed after use. It does not limit what runs at once, but should not be
    /// less.
    package var maximumConnections: Int
    /// Connections to one host at once; 0 is no limit. Past it a request waits, at most its `connectTimeout`.
    package var maximumHostConnections: Int
    /// Ask TLS servers for HTTP/2. It saves sockets and costs processor time.
    package var http2: Bool
    package var userAgent: String

    package init(
        maximumConnections: Int = 16_384, maximumHostConnections: Int = 0, http2: Bool = false,
        userAgent: String = "sluice"
    ) {
        self.maximumConnections = maximumConnections
        self.maximumHostConnections = maximumHostConnections
        self.http2 = http2
        self.userAgent = userAgent
    }
}
