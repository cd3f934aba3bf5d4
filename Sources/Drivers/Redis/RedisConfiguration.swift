/// Where the server is, who we are there, and the bounds of one client.
package struct RedisConfiguration: Sendable {
    package var host: String
    package var port = 6379
    package var user: String?
    package var password: String?
    package var database = 0
    package var usesTLS = false
    /// PEM file with the only authorities to trust; without it the system's are trusted.
    package var authorityFile: String?
    /// What CLIENT LIST shows.
    package var clientName = "sluice"

    /// Connections that ordinary commands are spread over; one keeps their order.
    package var connections = 1
    /// Blocking commands that can wait at the same time, each on a connection of its own.
    package var maximumBlockingConnections = 16

    /// For TCP, TLS and the first commands together.
    package var connectTimeout: Duration = .seconds(5)
    /// From the call to its reply, waiting for a connection included.
    package var commandTimeout: Duration = .seconds(10)
    /// How much longer than its own timeout a blocking command may take.
    package var blockingGrace: Duration = .seconds(2)
    package var minimumReconnectDelay: Duration = .milliseconds(50)
    package var maximumReconnectDelay: Duration = .seconds(2)

    package var maximumReplyBytes = 64 * 1024 * 1024
    /// Commands of one connection that wait to be sent or answered; past it, calls fail as `notReady`.
    package var maximumPendingCommands = 100_000
    /// The same in bytes.
    package var maximumPendingBytes = 256 * 1024 * 1024

    package init(host: String) {
        self.host = host
    }

    /// `redis://[[user]:password@]host[:port][/database]`; `rediss://` for TLS, there `?ca=FILE` names a private
    /// authority. An IPv6 host stands in brackets. User, password and file are percent-decoded.
    ///
    /// - Throws: `invalidURL`, naming the part that is wrong; never with the password.
    package init(url: String) throws(RedisError) {
        self = try RedisURL(url).configuration()
    }

    var endpoint: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

extension RedisConfiguration: CustomStringConvertible, CustomReflectable {
    /// Without user and password.
    package var description: String { "\(usesTLS ? "rediss" : "redis")://\(endpoint)/\(database)" }

    /// A mirror would show the password to whoever dumps a configuration.
    package var customMirror: Mirror { Mirror(self, children: ["endpoint": description]) }
}
