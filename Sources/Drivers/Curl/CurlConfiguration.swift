/// An address as 128 bits of IPv6; one of IPv4 is `::ffff:a.b.c.d`.
package struct CurlAddress: Sendable, Equatable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

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
    /// Asked before each connection, on the client's own thread, with the address that it would be to. A refused address is
    /// not connected to; when there is no other, the request fails with `addressRefused`.
    package var mayConnect: (@Sendable (CurlAddress) -> Bool)?

    package init(
        maximumConnections: Int = 16_384, maximumHostConnections: Int = 0, http2: Bool = false,
        userAgent: String = "sluice", mayConnect: (@Sendable (CurlAddress) -> Bool)? = nil
    ) {
        self.maximumConnections = maximumConnections
        self.maximumHostConnections = maximumHostConnections
        self.http2 = http2
        self.userAgent = userAgent
        self.mayConnect = mayConnect
    }
}
