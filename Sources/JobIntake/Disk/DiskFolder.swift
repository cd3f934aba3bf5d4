import Dispatch
import Foundation

/// A folder that several intakes may share. What is written here is there as a whole or not at all, also after a crash.
struct DiskFolder: Sendable {
    let path: String

    init(_ path: String) throws(FileFault) {
        self.path = path
        try Self.make(path)
    }

    func path(_ name: String) -> String { path + "/" + name }

    /// Runs what blocks where it holds up nobody.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws(FileFault) -> Value) async throws(FileFault)
        -> Value
    {
        let result: Result<Value, FileFault> = await withCheckedContinuation { continuation in
            begin {
                do throws(FileFault) { continuation.resume(returning: .success(try body())) } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }

    static func begin(_ body: @escaping @Sendable () -> Void) { queue.async { body() } }

    private static let queue = DispatchQueue(label: "sluice.files", attributes: .concurrent)

    func read(_ name: String) throws(FileFault) -> [UInt8] {
        let file = try OpenFile(path(name), .read)
        return try file.read(try file.size(), at: 0)
    }

    /// Writes beside, then renames: a reader sees the old file or the new one.
    func replace(_ name: String, _ bytes: [UInt8]) throws(FileFault) {
        let draft = name + "." + Self.unique() + ".tmp"
        let file = try OpenFile(path(draft), .create)
        try file.write(bytes)
        try file.sync()
        try move(draft, name)
    }

    /// The same for a file that is not there yet; false if it is.
    func create(_ name: String, _ bytes: [UInt8]) throws(FileFault) -> Bool {
        let draft = name + "." + Self.unique() + ".tmp"
        let file = try OpenFile(path(draft), .create)
        defer { remove(draft) }
        try file.write(bytes)
        try file.sync()
        guard unsafe Foundation.link(path(draft), path(name)) == 0 else {
            guard errno == EEXIST else { throw FileFault(call: "link", number: errno) }
            return false
        }
        try sync()
        return true
    }

    func move(_ old: String, _ new: String) throws(FileFault) {
        guard unsafe rename(path(old), path(new)) == 0 else { throw FileFault(call: "rename", number: errno) }
        try sync()
    }

    /// A second name for a file: it stays for as long as one of them does. Harmless if it is there.
    func link(_ old: String, _ new: String) throws(FileFault) {
        guard unsafe Foundation.link(path(old), path(new)) == 0 || errno == EEXIST else {
            throw FileFault(call: "link", number: errno)
        }
    }

    /// False if it was not there.
    @discardableResult
    func remove(_ name: String) -> Bool { unsafe unlink(path(name)) == 0 }

    func exists(_ name: String) -> Bool { unsafe access(path(name), F_OK) == 0 }

    /// Nil if it is not there.
    func facts(_ name: String) -> (bytes: Int, modifiedSeconds: Int)? {
        var facts = stat()
        guard unsafe stat(path(name), &facts) == 0 else { return nil }
        return (Int(facts.st_size), facts.st_mtim.tv_sec)
    }

    func names() -> [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

    func sync() throws(FileFault) { try OpenFile(path, .read).sync() }

    static func unique() -> String { String(UInt64.random(in: .min ... .max), radix: 36) }

    private static func make(_ path: String) throws(FileFault) {
        do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw FileFault(call: "mkdir", number: EIO)
        }
    }
}
