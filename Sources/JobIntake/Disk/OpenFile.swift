import Foundation

/// What the system says when a file cannot be used.
struct FileFault: Error, Sendable, Equatable, CustomStringConvertible {
    var call: String
    var number: Int32

    var description: String { "\(call): error \(number)" }
    var isMissing: Bool { number == ENOENT }
}

/// An open file. Its calls block; whoever uses it does so from one task at a time.
final class OpenFile: Sendable {
    enum Mode: Sendable { case read, create, append }

    private let descriptor: Int32

    init(_ path: String, _ mode: Mode) throws(FileFault) {
        let flags =
            switch mode {
            case .read: O_RDONLY | O_CLOEXEC
            case .create: O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC
            case .append: O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC
            }
        descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw FileFault(call: "open", number: errno) }
    }

    deinit { _ = close(descriptor) }

    func write(_ bytes: some Collection<UInt8>) throws(FileFault) {
        let bytes = Array(bytes)
        var start = 0
        while start < bytes.count {
            let written = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Foundation.write(descriptor, buffer.baseAddress.map { unsafe $0 + start }, buffer.count - start)
            }
            guard written >= 0 else { throw FileFault(call: "write", number: errno) }
            start += written
        }
    }

    /// Empty at the end of the file.
    func read(_ count: Int, at offset: Int) throws(FileFault) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let number = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
        }
        guard number >= 0 else { throw FileFault(call: "read", number: errno) }
        bytes.removeLast(count - number)
        return bytes
    }

    func size() throws(FileFault) -> Int {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw FileFault(call: "lseek", number: errno) }
        return Int(end)
    }

    func truncate(to size: Int) throws(FileFault) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw FileFault(call: "ftruncate", number: errno) }
    }

    func sync() throws(FileFault) {
        guard fsync(descriptor) == 0 else { throw FileFault(call: "fsync", number: errno) }
    }

    /// Holds the file against every other holder, until this object or its process is gone. False if somebody else does.
    func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 }
}
