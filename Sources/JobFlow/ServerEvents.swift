/// Cuts a stream of server-sent events into whole events, however its bytes come. What it gives is, one behind the other,
/// what went in.
package struct ServerEvents: Sendable {
    package struct Event: Sendable, Equatable {
        /// As it came, with the empty line that ends it.
        package var raw: [UInt8]
    }

    private static let newline = UInt8(ascii: "\n")
    private static let carriageReturn = UInt8(ascii: "\r")

    /// The begun event.
    private var raw: [UInt8] = []
    private var lineIsEmpty = true
    private var lastWasReturn = false

    package init() {}

    package mutating func receive(_ bytes: [UInt8]) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            raw.append(byte)
            if ends(byte) {
                events.append(Event(raw: raw))
                raw.removeAll(keepingCapacity: true)
            }
        }
        return events
    }

    /// Whether this byte ends an empty line: lines end with LF, CR or both.
    private mutating func ends(_ byte: UInt8) -> Bool {
        let wasReturn = lastWasReturn
        lastWasReturn = byte == Self.carriageReturn
        if byte == Self.newline, wasReturn { return false }
        guard byte == Self.newline || byte == Self.carriageReturn else {
            lineIsEmpty = false
            return false
        }
        defer { lineIsEmpty = true }
        return lineIsEmpty
    }
}

extension ServerEvents.Event {
    private static let field = Array("data:".utf8)

    /// Its `data` lines; nil for a comment.
    package var data: [UInt8]? {
        let lines = raw.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        let data = lines.filter { $0.starts(with: Self.field) }.map { line in
            let value = line.dropFirst(Self.field.count)
            return value.first == UInt8(ascii: " ") ? value.dropFirst() : value
        }
        return data.isEmpty ? nil : Array(data.joined(separator: [UInt8(ascii: "\n")]))
    }
}
