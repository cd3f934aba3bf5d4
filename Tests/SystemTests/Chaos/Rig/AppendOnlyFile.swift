import Foundation

/// An append-only file of Redis 7 with timestamps: commands (RESP arrays), and between them lines `#TS:<Unix seconds>`. Pure.
struct AppendOnlyFile: Sendable {
    /// A place between two commands, and the second in which the next one was written.
    struct Mark: Sendable, Equatable {
        var offset: Int
        var second: Int
    }

    let marks: [Mark]
    /// Where the last whole command ends.
    let end: Int

    init(_ bytes: [UInt8]) {
        var marks: [Mark] = []
        var offset = 0
        while let line = Self.line(bytes, at: offset) {
            if line.text.hasPrefix("#TS:"), let second = Int(line.text.dropFirst(4)) {
                marks.append(Mark(offset: offset, second: second))
                offset = line.next
            } else if let next = Self.command(bytes, line) {
                offset = next
            } else {
                break
            }
        }
        self.marks = marks
        end = offset
    }

    /// Where to cut so that the last seconds are gone.
    func cut(secondsBack: Int) -> Int? {
        guard let last = marks.last else { return nil }
        return marks.first { $0.second >= last.second - secondsBack }?.offset
    }

    private static func command(_ bytes: [UInt8], _ head: (text: String, next: Int)) -> Int? {
        guard head.text.hasPrefix("*"), let count = Int(head.text.dropFirst()) else { return nil }
        var offset = head.next
        for _ in 0..<count {
            guard let word = line(bytes, at: offset), word.text.hasPrefix("$"), let length = Int(word.text.dropFirst())
            else { return nil }
            offset = word.next + length + 2
        }
        return offset <= bytes.count ? offset : nil
    }

    private static func line(_ bytes: [UInt8], at offset: Int) -> (text: String, next: Int)? {
        guard offset < bytes.count, let end = bytes[offset...].firstIndex(of: UInt8(ascii: "\n")), end > offset else {
            return nil
        }
        return (String(decoding: bytes[offset..<end - 1], as: UTF8.self), end + 1)
    }
}
