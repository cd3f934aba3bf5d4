/// Where log lines go. Lines of several threads must not mix.
package protocol LogSink: Sendable {
    /// Whether a person reads along, with colours.
    var isTerminal: Bool { get }

    /// Writes one line, that ends in a line feed, whole or not at all. Must not block for ever.
    func write(_ line: [UInt8])
}
