/// What the test server does with a request, by its path.
enum ServerReply {
    case send([UInt8])
    /// One piece a turn of the server.
    case pieces([[UInt8]])
    case sendAndClose([UInt8])
    case hang
    case reset
    /// Answer when so many requests as the server's gate says wait here.
    case gate

    static func to(_ request: ServerRequest, earlierOnConnection: Int) -> Self {
        switch request.path {
        case "/ok": .send(ok(Array("fine".utf8)))
        case "/echo": .send(ok(request.bytes))
        case "/limited":
            .send(Array("HTTP/1.1 429 Too Many Requests\r\nRetry-After-Ms: 1200\r\nContent-Length: 0\r\n\r\n".utf8))
        case "/head": .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\nX-Kind: head\r\n\r\n".utf8))
        case "/interim": .send(Array("HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n".utf8) + ok([1]))
        case "/trailers":
            .send(
                Array(
                    ("HTTP/1.1 200 OK\r\nTrailer: X-Late\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "2\r\nhi\r\n0\r\nX-Late: yes\r\n\r\n").utf8))
        case "/slow":
            .pieces(
                ["HTTP/1.1 200 OK\r\nContent-", "Length: 20\r\n\r\n"].map { Array($0.utf8) } + bytes(20).map { [$0] })
        case "/mebibyte": .send(ok(bytes(1 << 20)))
        case "/endless": .sendAndClose(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + bytes(1 << 20))
        case "/declared": .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n".utf8))
        case "/wide":
            .send(Array("HTTP/1.1 200 OK\r\n\(String(repeating: "X-Wide: 0123456789\r\n", count: 4000))\r\n".utf8))
        case "/half": .sendAndClose(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
        case "/stuck": .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf".utf8))
        case "/half-head": .sendAndClose(Array("HTTP/1.1 200 OK\r\nContent-Le".utf8))
        case "/garbage": .sendAndClose(Array("\u{1}\u{2}garbage\r\n\r\n".utf8))
        case "/version": .sendAndClose(Array("HTTP/7.3 200 OK\r\n\r\n".utf8))
        case "/close": .sendAndClose([])
        case "/reset": .reset
        case "/once": .sendAndClose(ok([]))
        case "/stale": earlierOnConnection == 0 ? .send(ok([])) : .sendAndClose([])
        case "/gate": .gate
        default: .hang
        }
    }

    static func ok(_ body: [UInt8]) -> [UInt8] {
        Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\nX-Test: Yes\r\n\r\n".utf8) + body
    }

    static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
}

/// A request that has come in whole.
struct ServerRequest {
    let path: String
    let bytes: [UInt8]

    /// Taken off the front of what was received, or nil when it is not whole yet.
    init?(takenFrom received: inout [UInt8]) {
        guard let headCount = Self.headCount(received) else { return nil }
        let lines = String(decoding: received[..<headCount], as: UTF8.self).split(separator: "\r\n")
        let declared = lines.first { $0.lowercased().hasPrefix("content-length:") }
        let length = declared.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        let total = headCount + length
        guard received.count >= total else { return nil }
        path = String(lines[0].split(separator: " ")[1])
        bytes = Array(received[..<total])
        received.removeFirst(total)
    }

    private static func headCount(_ received: [UInt8]) -> Int? {
        guard received.count >= 4 else { return nil }
        for index in 3..<received.count
        where received[index] == 10 && received[index - 1] == 13 && received[index - 2] == 10 { return index + 1 }
        return nil
    }
}
