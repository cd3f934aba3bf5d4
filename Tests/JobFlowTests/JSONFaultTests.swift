import JobFlow
import Testing

@Suite struct JSONFaultTests {
    @Test(arguments: [
        ("", 0, "unexpected end"), ("  ", 2, "unexpected end"), ("x", 0, "unexpected character"),
        ("[1,]", 3, "unexpected character"), ("[1 2]", 3, "',' or ']' was expected"),
        ("[1", 2, "',' or ']' was expected"),
        ("{\"a\" 1}", 5, "':' was expected"), ("{\"a\":1 \"b\"}", 7, "',' or '}' was expected"),
        ("{\"a\":1,}", 7, "a member name in double quotes was expected"),
        ("{a:1}", 1, "a member name in double quotes was expected"), ("nulx", 3, "unexpected character"),
        ("-", 1, "a digit was expected"), ("-x", 1, "a digit was expected"), ("1.x", 2, "a digit was expected"),
        ("1e", 2, "a digit was expected"), ("01", 1, "unexpected text behind the value"),
        ("{} {}", 3, "unexpected text behind the value"), ("\"a", 2, "a string is not closed"),
        ("\"a\\", 2, "a string is not closed"), ("\"a\\q\"", 2, "an unknown escape"),
        ("\"\\u12x4\"", 1, "four hexadecimal digits were expected after \\u"),
        ("\"\\u12", 1, "four hexadecimal digits were expected after \\u"),
        ("\"a\tb\"", 2, "a control character in a string has to be escaped"),
    ])
    func `a fault says where and why`(text: String, offset: Int, reason: String) {
        #expect(throws: JSONFault(offset, reason)) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func `an offset counts bytes, not characters`() {
        let text = Array("[\"\u{e9}\u{1f600}\",x]".utf8)
        #expect(throws: JSONFault(10, "unexpected character")) { try JSONValue(parsing: text) }
    }

    @Test func `an offset in broken UTF-8 is that of the lead byte`() {
        #expect(throws: JSONFault(2, "invalid UTF-8")) { try JSONValue(parsing: [0x22, 0x61, 0xed, 0xa0, 0x80, 0x22]) }
    }

    @Test func `an offset counts from the start of a slice`() {
        let text = Array("garbage[1,]".utf8)
        #expect(throws: JSONFault(3, "unexpected character")) { try JSONValue(parsing: text[7...]) }
    }

    @Test func `an object is asked for by name`() {
        #expect(throws: JSONFault(0, "an object was expected, this is array")) {
            try JSONObject(parsing: Array("[]".utf8))
        }
        let fault = JSONFault(3, "unexpected character")
        #expect(fault.description == "invalid JSON at byte 3: unexpected character")
    }

    @Test func `a fault shows nothing of the text`() {
        let fault = #expect(throws: JSONFault.self) { try JSONValue(parsing: Array(#"{"secret":password}"#.utf8)) }
        #expect(fault.map { !$0.description.contains("password") && !$0.description.contains("secret") } == true)
    }
}
