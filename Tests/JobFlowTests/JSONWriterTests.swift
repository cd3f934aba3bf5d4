import Foundation
import JobFlow
import TestKit
import Testing

/// What is written here is read by Foundation.
@Suite struct JSONWriterTests {
    private func read(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }

    @Test func `every character of a string is read back`() throws {
        let scalars = (0..<0x300).compactMap(Unicode.Scalar.init) + ["\u{2028}", "\u{fffd}", "\u{ffff}", "\u{1f600}"]
        for scalar in scalars {
            let text = "<\(Character(scalar))>"
            let bytes = JSONWriter.object { $0.member("text", text) }
            let back = try #require(try read(bytes)["text"] as? String)
            #expect(Array(back.unicodeScalars) == Array(text.unicodeScalars), "U+\(String(scalar.value, radix: 16))")
            #expect(try JSONObject(parsing: bytes)["text"]?.string.map { Array($0.utf8) } == Array(text.utf8))
        }
    }

    @Test func `keys that are data are escaped, too`() throws {
        let key = "a\"b\\c\n\u{1}\u{e9}"
        let bytes = JSONWriter.object {
            $0.member(named: key, 1)
            $0.member(named: "raw\t", raw: "[1]".utf8)
        }
        #expect(try read(bytes)[key] as? Int == 1)
        #expect(try read(bytes)["raw\t"] as? [Int] == [1])
    }

    @Test func `commas stand where they belong`() throws {
        let bytes = JSONWriter.object { json in
            json.member("empty", object: { _ in })
            json.member("none", array: { _ in })
            json.member(
                "list",
                array: { list in
                    list.element("a")
                    list.element(object: { _ in })
                    list.element(object: { $0.member("x", 1) })
                    list.element(raw: "null".utf8)
                })
            json.member(
                "nested",
                object: { outer in
                    outer.member("inner", object: { $0.member("deep", true) })
                    outer.member("after", "x")
                })
            json.member("raw", raw: "1.50".utf8)
            json.member("last", false)
        }
        let expected =
            #"{"empty":{},"none":[],"list":["a",{},{"x":1},null],"nested":{"inner":{"deep":true},"after":"x"},"#
            + #""raw":1.50,"last":false}"#
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        _ = try read(bytes)
    }

    @Test func `an absent value is null`() throws {
        let bytes = JSONWriter.object { json in
            json.member("a", nil as String?)
            json.member("b", nil as Int?)
            json.member("c", nil as Timestamp?)
        }
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"a":null,"b":null,"c":null}"#)
    }

    @Test(arguments: [(Int64.min, "-9223372036854775808"), (-1, "-1"), (0, "0"), (.max, "9223372036854775807")])
    func `integers are written whole`(value: Int64, text: String) {
        #expect(String(decoding: JSONWriter.object { $0.member("n", value) }, as: UTF8.self) == #"{"n":\#(text)}"#)
    }

    @Test(
        arguments: [
            (0, "0"), (1, "0.001"), (10, "0.010"), (100, "0.100"), (1000, "1"), (1050, "1.050"),
            (1_700_000_000_123, "1700000000.123"), (-1, "-0.001"), (-1500, "-1.500"), (-2000, "-2"),
            (.max, "9223372036854775.807"), (.min, "-9223372036854775.808"),
        ] as [(Int64, String)])
    func `moments are Unix seconds`(milliseconds: Int64, text: String) throws {
        let bytes = JSONWriter.object { $0.member("t", Timestamp(milliseconds: milliseconds)) }
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"t":\#(text)}"#)
        if milliseconds.magnitude < 1 << 50 {
            let seconds = try #require(try JSONObject(parsing: bytes)["t"]?.double)
            #expect(Timestamp(seconds: seconds).milliseconds == milliseconds)
        }
    }
}
