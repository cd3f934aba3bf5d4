import JobFlow
import Testing

@Suite struct SplicingTests {
    @Test(arguments: [
        (#"{"a":1,"b":2}"#, ["a"], #"{"b":2}"#), (#"{"a":1,"b":2}"#, ["b"], #"{"a":1}"#),
        (#"{ "a" : 1 , "b" : 2 }"#, ["a"], #"{"b" : 2 }"#), (#"{"a":1,"b":2,"c":3}"#, ["b"], #"{"a":1,"c":3}"#),
        (#"{"a":1,"a":2}"#, ["a"], "{}"), ("{ }", ["a"], "{ }"), (#"{"\u0061":1,"b":"a"}"#, ["a"], #"{"b":"a"}"#),
        (#"{"a":1,"b":2,"c":[{"a":1}]}"#, ["a", "b"], #"{"c":[{"a":1}]}"#), (#"{"a":",\""}"#, ["b"], #"{"a":",\""}"#),
    ])
    func `members go, and the rest stays as it was`(text: String, names: [String], left: String) throws {
        let bytes = try JSONObject(parsing: Array(text.utf8)).without(Set(names))
        #expect(String(decoding: bytes, as: UTF8.self) == left)
        #expect(throws: Never.self) { try JSONObject(parsing: bytes) }
    }

    @Test(arguments: [
        ("{}", #"{"model":"m"}"#), (#"{"a":1}"#, #"{"model":"m","a":1}"#),
        (#"{"a":1,"model":null}"#, #"{"model":"m","a":1}"#),
        (#"{"model":"x","model":"y"}"#, #"{"model":"m"}"#),
    ])
    func `a model is set`(text: String, expected: String) throws {
        let bytes = try JSONObject(parsing: Array(text.utf8)).with(model: "m")
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
    }
}
