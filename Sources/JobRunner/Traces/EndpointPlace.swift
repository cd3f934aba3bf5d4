/// Where an endpoint is, as spans name it.
package struct EndpointPlace: Sendable, Equatable {
    package var host: String
    /// Nil is the scheme's own.
    package var port: Int?

    package init(host: String, port: Int? = nil) {
        self.host = host
        self.port = port
    }
}
