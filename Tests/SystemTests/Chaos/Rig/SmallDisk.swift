import Foundation

/// A file system of its own for one folder, so small that it can be filled.
struct SmallDisk: Sendable {
    private static let chunk = 1 << 20

    let folder: URL
    private var ballast: URL { folder.appendingPathComponent("ballast") }

    /// nil where this user may not mount.
    static func mount(at folder: URL, megabytes: Int) -> SmallDisk? {
        guard geteuid() == 0, run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", folder.path) else {
            return nil
        }
        return SmallDisk(folder: folder)
    }

    /// Until not another byte can be written.
    func fill() {
        _ = FileManager.default.createFile(atPath: ballast.path, contents: nil)
        guard let file = try? FileHandle(forWritingTo: ballast) else { return }
        defer { try? file.close() }
        let zeros = Data(count: Self.chunk)
        while (try? file.write(contentsOf: zeros)) != nil {}
    }

    func empty() { try? FileManager.default.removeItem(at: ballast) }

    /// Lazily: a process that ends this moment may still hold a file.
    func unmount() { _ = Self.run("umount", "-l", folder.path) }

    private static func run(_ words: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
