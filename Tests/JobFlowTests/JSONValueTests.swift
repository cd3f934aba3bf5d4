import Foundation
import JobFlow
import TestKit
import Testing

@Suite struct JSONValueTests {
    private func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: Array(text.utf8)) }

    @Test(arguments: [
        (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
        (#""\u0041\u00e9""#, "A\u{e9}"),
        (#""\u00E9\u20AC""#, "\u{e9}\u{20ac}"), (#""\uD83D\uDE00""#, "\u{1f600}"),
        (#""a\ud834\udd1eb""#, "a\u{1d11e}b"),
        ("\"\u{e9}\\n\u{1f600}\"", "\u{e9}\n\u{1f600}"), (#""\u0000""#, "\0"), (#""\\u0041""#, "\\u0041"),
        (#""\ud83d""#, "\u{fffd}"), (#""\ude00""#, "\u{fffd}"), (#""\ud83dx""#, "\u{fffd}x"),
        (#""\ud83d\ud83d\ude00""#, "\u{fffd}\u{1f600}"), (#""\ud83d\n""#, "\u{fffd}\n"), (#""\uFFFF""#, "\u{ffff}"),
    ])
    func `strings are decoded`(text: String, expected: String) throws {
        let string = try #require(try value(text).string)
        #expect(Array(string.unicodeScalars) == Array(expected.unicodeScalars))
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("12", 12), ("-7", -7), ("2.0", 2), ("2e3", 2000), ("2.5", nil), ("1e400", nil),
            ("1e-1", nil),
            ("9223372036854775807", .max), ("9223372036854775808", nil), ("-9223372036854775808", .min),
            ("1e18", 1_000_000_000_000_000_000),
            ("1e19", nil), ("\"1\"", nil), ("true", nil),
        ] as [(String, Int?)])
    func `whole numbers are whole`(text: String, expected: Int?) throws {
        #expect(try value(text).int == expected)
        #expect(try value(text).int64 == expected.map(Int64.init))
    }

    @Test func `other kinds are what they are and nothing else`() throws {
        #expect(try value("1.5e1").double == 15)
        #expect(try value("true").bool == true && value("false").bool == false && value("0").bool == nil)
        #expect(try value("null").isNull && !value("0").isNull)
        #expect(try value("1").string == nil && value("1").object == nil && value("1").array == nil)
        #expect(try value("{}").object?.members.isEmpty == true && value("[]").array?.isEmpty == true)
        #expect(try value("\"1\"").double == nil)
        let kinds = try ["{}", "[]", "\"\"", "1", "true", "null"].map { try value($0).kind }
        #expect(kinds == [.object, .array, .string, .number, .bool, .null])
    }

    @Test func `members and elements keep their bytes and their order`() throws {
        let object = try JSONObject(parsing: Array(#" { "b" : [ 1 , {"x":1.0} ] , "a":"\u00e9", "b2" :1e0 } "#.utf8))
        #expect(object.members.map(\.key) == ["b", "a", "b2"])
        #expect(
            object.members.map { String(decoding: $0.value.raw, as: UTF8.self) } == [
                #"[ 1 , {"x":1.0} ]"#, #""\u00e9""#, "1e0",
            ])
        let elements = try #require(object["b"]?.array)
        #expect(elements.map { String(decoding: $0.raw, as: UTF8.self) } == ["1", #"{"x":1.0}"#])
        #expect(elements[1].object?["x"]?.double == 1)
    }

    @Test func `a value taken from the middle of a text can be read on its own`() throws {
        let text = Array(#"xx[ {"a": {"b": [10, "c"]}} ]yy"#.utf8)
        let array = try JSONValue(parsing: text[2..<text.count - 2])
        let inner = try #require(array.array?.first?.object?["a"]?.object?["b"])
        #expect(inner.array?.last?.string == "c")
        #expect(Array(inner.raw) == Array(#"[10, "c"]"#.utf8))
        #expect(try JSONValue(parsing: inner.raw).array?.count == 2)
    }

    @Test func `the last of equal keys counts, and the first is told`() throws {
        let object = try JSONObject(parsing: Array(#"{"a":1,"b":2,"\u0061":3}"#.utf8))
        #expect(object["a"]?.int == 3)
        #expect(object.duplicateKey == "a")
        #expect(try JSONObject(parsing: Array(#"{"a":1,"b":2}"#.utf8)).duplicateKey == nil)
        #expect(object["c"] == nil)
    }

    /// Random bytes in the alphabet of JSON: whatever we accept, Foundation reads, too.
    @Test func `nothing is accepted that Foundation refuses`() throws {
        var random = SeededGenerator(seed: 7)
        let pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"\\u00e9\"", "1", "-0.5e1", "0", "true", "null", " "]
        var accepted = 0
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 1...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? ""
            }
            let bytes = Array(text.joined().utf8)
            guard (try? JSONValue(parsing: bytes)) != nil else { continue }
            accepted += 1
            _ = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        }
        #expect(accepted > 100)
    }
}
