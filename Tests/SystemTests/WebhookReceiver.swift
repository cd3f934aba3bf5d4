import Foundation
import Glibc
import Synchronization

/// An HTTP server on all of this machine's addresses that takes webhooks: one thread a connection, one request each. It goes with the process.
final class WebhookReceiver: Sendable {
    struct Received: Sendable {
        var path: String
        var headers: [String: String]
        var body: String
    }

    let port: UInt16
    private let listener: Int32
    private let all = Mutex<[Received]>([])
    private let status: @Sendable (_ path: String, _ earlier: Int) -> Int

    /// - Parameter status: what is answered to the request after so many earlier ones of this path; 0: nothing, for ever.
    init(_ status: @escaping @Sendable (_ path: String, _ earlier: Int) -> Int = { _, _ in 204 }) throws {
        self.status = status
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0)
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                var size = size
                return unsafe bind(listener, $0, size) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isBound else { throw CocoaError(.fileReadUnknown) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(self.listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    func received(_ path: String) -> [Received] { all.withLock { $0.filter { $0.path == path } } }

    func stop() { _ = shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        guard let request = Self.read(connection) else { return }
        let earlier = all.withLock { all in
            defer { all.append(request) }
            return all.count { $0.path == request.path }
        }
        let code = status(request.path, earlier)
        while code == 0 { sleep(60) }
        let answer = "HTTP/1.1 \(code) Said\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        _ = unsafe answer.withCString { unsafe send(connection, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    private static func read(_ connection: Int32) -> Received? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
            if let request = parse(String(decoding: bytes, as: UTF8.self)) { return request }
        }
    }

    /// Nil for one that is not whole.
    private static func parse(_ text: String) -> Received? {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
        let lines = text[..<end.lowerBound].split(separator: "\r\n")
        let fields = lines.dropFirst().compactMap { line -> (String, String)? in
            let parts = line.split(separator: ":", maxSplits: 1)
            return parts.count == 2 ? (parts[0].lowercased(), parts[1].trimmingCharacters(in: .whitespaces)) : nil
        }
        let headers = Dictionary(fields) { first, _ in first }
        let body = String(text[end.upperBound...])
        guard body.utf8.count >= Int(headers["content-length"] ?? "0") ?? 0 else { return nil }
        return Received(path: String(lines[0].split(separator: " ")[1]), headers: headers, body: body)
    }
}
