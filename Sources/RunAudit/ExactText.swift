import Foundation
import GRDB

/// Strings as they are, for queries. GRDB hands text to SQLite, and takes it back, as C strings, which end at the first NUL.
/// So a string that holds one travels as bytes: `CAST(? AS TEXT)` on the way in, `CAST(column AS BLOB)` on the way out.
enum ExactText {
    static func argument(_ text: String) -> any DatabaseValueConvertible {
        text.utf8.contains(0) ? Data(text.utf8) : text
    }

    static func read(_ bytes: Data) -> String { String(decoding: bytes, as: UTF8.self) }
}
