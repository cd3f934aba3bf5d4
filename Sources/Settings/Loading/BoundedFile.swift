import Foundation

/// Why a file could not be read; completes a sentence that starts with its name.
struct Unreadable: Error {
    var message: String

    init(_ message: String) { self.message = message }
}

/// Reads small files whole, and refuses to be drowned by a large one.
enum BoundedFile {
    static let maximumBytes = 4_194_304

    static func read(_ path: String) throws(Unreadable) -> [UInt8] {
        if isFolder(path) { throw Unreadable("is a folder, not a file") }
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
        } catch { throw Unreadable(reason(error)) }
        guard data.count <= maximumBytes else { throw Unreadable("is larger than \(maximumBytes) bytes") }
        return [UInt8](data)
    }

    static func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }

    /// A mounted secret is a symbolic link, often to a folder of links.
    private static func resolved(_ path: String) -> String {
        URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: "does not exist"
        case .fileReadNoPermission: "may not be read by this user"
        default: "cannot be read: \(error.localizedDescription)"
        }
    }
}
