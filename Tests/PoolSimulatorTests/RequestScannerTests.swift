import PoolSimulator
import Testing

@Suite struct RequestScannerTests {
    private func scan(_ text: String) throws(RequestScanner.Malformed) -> ModelRequest {
        try RequestScanner.scan(Array(text.utf8))
    }

    @Test func `it finds what the simulator reacts to`() throws {
        let request = try scan(
            """
             { "model" : "gpt-4o", "messages": [ {"role":"system","content":"Be brief."},
               {"role":"user","content":[{"type":"text","text":"Why is the sky blue?"}]} ],
               "max_completion_tokens": 77, "stream": true, "stream_options": {"include_usage": true},
               "temperature": -0.5e+2, "metadata": {"model":"x","max_tokens":5,"note":"abcdefgh"} }
            """)
        #expect(request.model == "gpt-4o")
        #expect(request.maxTokens == 77)
        #expect(request.promptCharacters == 9 + 20)
        #expect(request.topic == "Why is the sky blue?")
        #expect(request.stream && request.includeUsage)
        #expect(request.marker == nil)
    }

    @Test(arguments: [
        ("[[content_filter]]", ModelRequest.Marker.contentFilter), ("[[context_length]]", .contextLength),
    ])
    func `a marker is found in a prompt, and nowhere else`(text: String, marker: ModelRequest.Marker) throws {
        #expect(try scan("{\"input\":\"a [[[\(text)]] b\"}").marker == marker)
        #expect(try scan("{\"metadata\":{\"note\":\"\(text)\"}}").marker == nil)
    }

    @Test(arguments: [
        ("\"a\"", 1), ("[\"a\",\"b\",\"c\"]", 3), ("[1,2,3]", 1), ("[[1,2],[3]]", 2), ("[]", 1),
    ])
    func `it counts the inputs of an embeddings call`(input: String, count: Int) throws {
        #expect(try scan("{\"input\":\(input)}").inputs == count)
    }

    @Test func `characters are counted, not bytes, and the first words are never cut inside one`() throws {
        let request = try scan("{\"prompt\":\"\(String(repeating: "añb ", count: 40))\"}")
        #expect(request.promptCharacters == 160)
        #expect(request.topic == String(String(repeating: "añb ", count: 9).dropLast()))
        #expect(try scan("{\"prompt\":\"\(String(repeating: "ñ", count: 40))\"}").topic == "")
        #expect(try scan("{\"prompt\":\"say \\\"hi\\\" \"}").topic == "say")
    }

    @Test func `equal prompts have equal hashes and other prompts have others`() throws {
        let one = try scan("{\"input\":\"a\",\"user\":\"x\"}").promptHash
        #expect(try scan("{\"user\":\"y\",\"input\":\"a\"}").promptHash == one)
        #expect(try scan("{\"input\":\"b\"}").promptHash != one)
    }

    @Test(arguments: [
        "", " ", "[]", "\"a\"", "{", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":[1,]}", "{\"a\":01}", "{\"a\":1.}",
        "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12g4\"}", "{\"a\":\"b}", "{\"a\":\"\n\"}", "{}{}", "{a:1}",
        "{\"a\":-}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "not json", "{\"a\":\"\\",
    ])
    func `what is not a JSON object is refused`(text: String) {
        #expect(throws: RequestScanner.Malformed.self) { try scan(text) }
    }

    @Test func `nesting is bounded`() throws {
        let deep = String(repeating: "[", count: 100_000)
        #expect(throws: RequestScanner.Malformed.self) { try scan("{\"a\":\(deep)") }
        let fine = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
        #expect(try scan("{\"a\":\(fine)}").model == nil)
    }

    @Test func `no prefix of a request is taken for a request`() throws {
        let whole = Array("{\"model\":\"m\",\"n\":[-1.5e3,true,null,{\"a\":\"\\u00e9\\n\"}]}".utf8)
        for length in 0..<whole.count {
            #expect(throws: RequestScanner.Malformed.self) { try RequestScanner.scan(Array(whole.prefix(length))) }
        }
        #expect(try RequestScanner.scan(whole).model == "m")
    }
}
