/// Line and column of a byte in a text, counted from 1; a column is one character of UTF-8.
struct TextPosition: Equatable, CustomStringConvertible {
    var line = 1
    var column = 1

    init(_ offset: Int, in bytes: [UInt8]) {
        for byte in bytes.prefix(offset) {
            if byte == 0x0a {
                line += 1
                column = 1
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
    }

    var description: String { "line \(line), column \(column)" }
}
