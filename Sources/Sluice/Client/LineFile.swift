import Foundation

/// The lines of a file or of standard input, one after the other, in bounded memory.
struct LineFile: AsyncSequence, Sendable {
    typealias Element = String
    typealias Failure = any Error

    /// A longer line would not be accepted by any intake.
    static let longestLine = 16 << 20

    let path: String

    struct AsyncIterator: AsyncIteratorProtocol {
        let handle: FileHandle
        var buffer = Data()
        var isAtEnd = false

        mutating func next() async throws -> String? {
            while true {
                if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                    defer { buffer = buffer[(end + 1)...] }
                    return String(decoding: buffer[..<end], as: UTF8.self)
                }
                guard buffer.count <= LineFile.longestLine else {
                    throw PlainError("a line is longer than \(LineFile.longestLine) bytes")
                }
                guard !isAtEnd, let more = try handle.read(upToCount: 1 << 16), !more.isEmpty else { return last() }
                // A slice that is appended to keeps all that was ever in front of it.
                buffer = Data(buffer) + more
            }
        }

        private mutating func last() -> String? {
            isAtEnd = true
            guard !buffer.isEmpty else { return nil }
            defer { buffer = Data() }
            return String(decoding: buffer, as: UTF8.self)
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        let handle = path == "-" ? FileHandle.standardInput : FileHandle(forReadingAtPath: path)
        return AsyncIterator(handle: handle ?? .nullDevice)
    }

    /// Lines that are not empty; nil for standard input, which can be read only once.
    func count() async throws -> Int? {
        guard path != "-" else { return nil }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw PlainError("\(path): no such file, or not readable")
        }
        var count = 0
        for try await line in self where !line.allSatisfy(\.isWhitespace) { count += 1 }
        return count
    }
}
