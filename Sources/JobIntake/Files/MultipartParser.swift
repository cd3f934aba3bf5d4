/// Takes `multipart/form-data` apart as it comes (RFC 7578). A value: it keeps no more than a boundary's length of a part.
struct MultipartParser {
    enum Event: Equatable {
        case part(name: String, filename: String?)
        case bytes(ArraySlice<UInt8>)
        case partEnded
    }

    enum Fault: Error, Equatable { case malformed }

    private enum State { case preamble, headers, body, ended }

    /// Of the headers of one part.
    private static let maximumHeaderBytes = 16_384

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]

    /// Nil if the content type names no boundary.
    init?(contentType: String) {
        guard let range = contentType.firstRange(of: "boundary=") else { return nil }
        let value = contentType[range.upperBound...]
        let boundary =
            value.first == "\"" ? value.dropFirst().prefix { $0 != "\"" } : value.prefix { !"; \t".contains($0) }
        guard 1...70 ~= boundary.utf8.count else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
        // The first boundary may stand at the very start.
        buffer = [0x0d, 0x0a]
    }

    var isEnded: Bool { state == .ended }

    mutating func feed(_ piece: some Collection<UInt8>) throws(Fault) -> [Event] {
        var events: [Event] = []
        buffer += piece
        while try step(&events) {}
        return events
    }

    /// Whether there may be more to do.
    private mutating func step(_ events: inout [Event]) throws(Fault) -> Bool {
        switch state {
        case .ended:
            buffer = []
            return false
        case .preamble: return try skipToDelimiter { _ in }
        case .headers: return try readHeaders(&events)
        case .body:
            let isOver = try skipToDelimiter { if !$0.isEmpty { events.append(.bytes($0)) } }
            if isOver { events.append(.partEnded) }
            return isOver
        }
    }

    /// Hands over what comes before the next delimiter, and goes behind that.
    private mutating func skipToDelimiter(_ body: (ArraySlice<UInt8>) -> Void) throws(Fault) -> Bool {
        guard let start = delimiterStart() else {
            let safe = max(0, buffer.count - delimiter.count)
            body(buffer[..<safe])
            buffer.removeFirst(safe)
            return false
        }
        let end = start + delimiter.count
        guard buffer.count >= end + 2 else {
            body(buffer[..<start])
            buffer.removeFirst(start)
            return false
        }
        body(buffer[..<start])
        let isLast = buffer[end] == UInt8(ascii: "-") && buffer[end + 1] == UInt8(ascii: "-")
        guard isLast || (buffer[end] == 0x0d && buffer[end + 1] == 0x0a) else { throw .malformed }
        state = isLast ? .ended : .headers
        // The line end stays: headers end where two of them meet.
        buffer.removeFirst(end)
        return true
    }

    private func delimiterStart() -> Int? {
        var from = 0
        while let start = buffer[from...].firstIndex(of: 0x0d), buffer.count - start >= delimiter.count {
            if buffer[start...].starts(with: delimiter) { return start }
            from = start + 1
        }
        return nil
    }

    private mutating func readHeaders(_ events: inout [Event]) throws(Fault) -> Bool {
        guard let end = buffer[...].firstRange(of: [0x0d, 0x0a, 0x0d, 0x0a] as [UInt8]) else {
            guard buffer.count <= Self.maximumHeaderBytes else { throw .malformed }
            return false
        }
        let text = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
        guard
            let line = text.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("content-disposition:") }
            ),
            let name = Self.parameter("name", of: line)
        else { throw .malformed }
        events.append(.part(name: name, filename: Self.parameter("filename", of: line)))
        buffer.removeFirst(end.upperBound)
        state = .body
        return true
    }

    /// A parameter of a header; in quotes, a semicolon is one of its characters.
    private static func parameter(_ name: String, of line: Substring) -> String? {
        var (parts, isQuoted): ([String], Bool) = ([""], false)
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case ";" where !isQuoted: parts.append("")
            default: parts[parts.count - 1].append(character)
            }
        }
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2, pair[0].filter({ !$0.isWhitespace }) == name { return String(pair[1]) }
        }
        return nil
    }
}
