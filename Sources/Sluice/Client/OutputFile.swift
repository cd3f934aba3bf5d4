import Foundation

/// Where result lines go: a file, or standard output. Lines are written whole.
actor OutputFile {
    private let handle: FileHandle

    init(_ path: String?) throws {
        guard let path else {
            handle = .standardOutput
            return
        }
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else {
            throw PlainError("\(path): cannot be written")
        }
        handle = file
    }

    func write(lines: [[UInt8]]) throws {
        try handle.write(contentsOf: Data(lines.flatMap { $0 + [UInt8(ascii: "\n")] }))
    }

    func write(_ line: [UInt8]) throws { try handle.write(contentsOf: Data(line + [UInt8(ascii: "\n")])) }
}
