import JobFlow
import Testing

/// What RFC 8259 allows and forbids; the cases follow the naming of the well-known JSON test suites in spirit.
@Suite struct JSONGrammarTests {
    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "123456789012345678901234567890", "0.5", "-0.0", "1.25e3",
        "1E1", "1e+1", "1e-1", "0e0", "0E+0", "1e999999", #""""#, #""a""#, #"" ""#, "\"\u{7f}\"",
        #""\"\\\/\b\f\n\r\t""#, #""\u0000""#, #""\uD834\uDD1E""#, #""\ud834""#, #""\uDD1E\uD834""#, #""\uFFFF""#,
        "\"\u{e9}\u{20ac}\u{1f600}\"",
        "\"\u{fffd}\u{feff}\u{2028}\u{2029}\u{10ffff}\u{d7ff}\u{e000}\u{80}\u{7ff}\u{800}\u{ffff}\u{10000}\"", "[]",
        "[ ]", "[1]", "[1,2]", "[[],[[]]]", "[null,true,\"\",{}]", "{}", "{ }", #"{"a":1}"#, #"{"":0}"#,
        #"{"a":{"b":[]},"c":null}"#, #"{"a":1,"a":2}"#, " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : 0 } \t\r\n",
        #"{"\u0061":1}"#,
    ])
    func `well formed texts are accepted`(text: String) throws {
        _ = try JSONValue(parsing: Array(text.utf8))
    }

    @Test(arguments: [
        "", " ", "\n", "nul", "nulll", "True", "NULL", "undefined", "NaN", "Infinity", "-Infinity", "'a'", "a",
        "\u{e9}", "01", "-01", "00", "-", "+1", "--1", "1.", ".5", "-.5", "1.e1", "1e", "1e+", "1E-", "1e1.5", "0x10",
        "1_000", "1,2", "1 2", "0 0", "\"", "\"a", "\"\\", "\"\\\"", "\"\\x\"", "\"\\'\"", "\"\\u\"", "\"\\u12\"",
        "\"\\u123\"", "\"\\u12G4\"", "\"\\U0041\"", "\"\\u+041\"", "\"\\u 041\"", "\"\n\"", "\"\t\"", "\"\0\"",
        "\"\u{1f}\"", "\"\\\n\"", "\"a\"b", "\"\\u{41}\"", "[", "]", "[1", "[1,", "[1,]", "[,]", "[,1]", "[1,,2]",
        "[1 2]", "[1:2]", "[1}", "[]]", "[\"a", "[-]", "[1.]", "{", "}", "{]", "{\"a\"", "{\"a\":", "{\"a\":1",
        "{\"a\":1,", "{\"a\":1,}", "{,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "{\"a\"::1}", "{\"a\":1 \"b\":2}",
        "{\"a\":1;}", "{\"a\",1}", "{}{}", "{\"a\":1}]", "{null:1}", "/**/1", "1//a", "#a\n1", "\u{feff}1",
        "\u{feff}{}", "\u{a0}1", "\u{2028}1", "\u{c}1", "\u{b}1", "1\0", "\0", "\0null", "[1]\0", "{\"a\":\u{feff}1}",
    ])
    func `everything else is refused`(text: String) {
        #expect(throws: JSONFault.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test(
        arguments: [
            // No lead byte.
            [0x80], [0xbf], [0xff], [0xfe], [0x61, 0x80], [0xc3, 0xa9, 0x80],
            // Overlong.
            [0xc0, 0x80], [0xc1, 0xbf], [0xc0, 0xaf], [0xe0, 0x80, 0x80], [0xe0, 0x9f, 0xbf], [0xf0, 0x80, 0x80, 0x80],
            [0xf0, 0x8f, 0xbf, 0xbf], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80],
            // Surrogates.
            [0xed, 0xa0, 0x80], [0xed, 0xbf, 0xbf], [0xed, 0xa0, 0xb4, 0xed, 0xb4, 0x9e],
            // Beyond U+10FFFF.
            [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
            // Cut short.
            [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xe9],
            // Broken off.
            [0xc3, 0x28], [0xe2, 0x28, 0xa1], [0xe2, 0x82, 0x28], [0xf0, 0x28, 0x8c, 0xbc], [0xf0, 0x9f, 0x28, 0xbc],
            [0xf0, 0x9f, 0x98, 0x28],
        ] as [[UInt8]])
    func `broken UTF-8 is refused, as a value, as a key and at the end`(bytes: [UInt8]) {
        let quoted = [UInt8(ascii: "\"")] + bytes + [UInt8(ascii: "\"")]
        #expect(throws: JSONFault.self) { try JSONValue(parsing: quoted) }
        #expect(throws: JSONFault.self) { try JSONValue(parsing: Array("{".utf8) + quoted + Array(":1}".utf8)) }
        #expect(throws: JSONFault.self) { try JSONValue(parsing: [UInt8(ascii: "\"")] + bytes) }
        #expect(throws: JSONFault.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `texts in UTF-16 are refused`() {
        #expect(throws: JSONFault.self) { try JSONValue(parsing: [0xff, 0xfe, 0x5b, 0x00, 0x5d, 0x00]) }
        #expect(throws: JSONFault.self) { try JSONValue(parsing: [0x00, 0x5b, 0x00, 0x5d]) }
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}"), (#"[{"a":"#, "}]")])
    func `128 levels are the limit`(open: String, close: String) throws {
        let levels = open.utf8.count(where: { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") })
        let most = 128 / levels
        func nested(_ times: Int, _ inner: String) -> [UInt8] {
            Array((String(repeating: open, count: times) + inner + String(repeating: close, count: times)).utf8)
        }
        _ = try JSONValue(parsing: nested(most, "0"))
        let fault = #expect(throws: JSONFault.self) { try JSONValue(parsing: nested(most, "[]")) }
        #expect(fault?.offset == most * open.utf8.count)
        #expect(fault?.reason == "nested deeper than 128 levels")
    }

    @Test func `a hundred thousand open brackets do no harm`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONFault(128, "nested deeper than 128 levels")) { try JSONValue(parsing: bytes) }
    }

    @Test func `no text is accepted that is cut short`() {
        let whole = Array(#"{"a":[1.5e2,true,"x\u00e9 é"],"b":{"c":null}}"#.utf8)
        for length in 0..<whole.count {
            #expect(throws: JSONFault.self, "\(length)") { try JSONValue(parsing: whole[..<length]) }
        }
    }
}
