import Foundation

/// Why a file cannot be used, in the words of the system.
package struct FileTrouble: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: String
    package var number: Int32

    package var description: String { unsafe "\(path): \(String(cString: strerror(number)))" }
}

/// A file that is read at places and written at its end. Its calls block.
package final class KeptFile: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Made where it is missing.
    package init(_ path: String) throws(FileTrouble) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileTrouble(path: path, number: errno) }
    }

    /// To be read only.
    package init(reading path: String) throws(FileTrouble) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileTrouble(path: path, number: errno) }
    }

    /// One that is open already: standard input or output.
    package init(open descriptor: Int32, _ name: String) { (path, self.descriptor) = (name, descriptor) }

    deinit { if descriptor > 2 { _ = close(descriptor) } }

    package func write(_ bytes: [UInt8]) throws(FileTrouble) {
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Foundation.write(descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
            }
            guard written >= 0 || errno == EINTR else { throw trouble }
            start += max(0, written)
        }
    }

    /// Empty at the end of the file.
    package func read(_ count: Int, at offset: Int) throws(FileTrouble) -> [UInt8] {
        try unsafe fill(count) { buffer in unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)) }
    }

    /// What comes next, of one that has no places.
    package func readOn(_ count: Int) throws(FileTrouble) -> [UInt8] {
        try unsafe fill(count) { buffer in unsafe Foundation.read(descriptor, buffer.baseAddress, buffer.count) }
    }

    package func size() throws(FileTrouble) -> Int {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw trouble }
        return Int(end)
    }

    package func truncate(to size: Int) throws(FileTrouble) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw trouble }
    }

    package func sync() throws(FileTrouble) {
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw trouble }
    }

    /// Holds it against every other holder, until this object or its process is gone. False if somebody else does.
    package func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }

    /// Its name goes; what is in it is there for as long as this object.
    package func unlink() { _ = unsafe Foundation.unlink(path) }

    private var trouble: FileTrouble { FileTrouble(path: path, number: errno) }

    private func fill(_ count: Int, _ read: (UnsafeMutableRawBufferPointer) -> Int) throws(FileTrouble) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var number = -1
        repeat { number = unsafe bytes.withUnsafeMutableBytes { unsafe read($0) } } while number < 0 && errno == EINTR
        guard number >= 0 else { throw trouble }
        bytes.removeLast(count - number)
        return bytes
    }
}

extension KeptFile {
    /// Its whole lines, one after the other. What stands behind the last line end was cut off by a crash, and is taken away.
    package func wholeLines(_ body: (_ line: ArraySlice<UInt8>, _ offset: Int) -> Void) throws(FileTrouble) {
        let size = try size()
        var (rest, start, kept): ([UInt8], Int, Int) = ([], 0, 0)
        while start < size {
            let piece = try read(1 << 20, at: start)
            guard !piece.isEmpty else { break }
            start += piece.count
            rest += piece
            var from = 0
            while let end = rest[from...].firstIndex(of: UInt8(ascii: "\n")) {
                body(rest[from..<end], kept)
                kept += end + 1 - from
                from = end + 1
            }
            rest.removeFirst(from)
        }
        if kept < size { try truncate(to: kept) }
    }
}
