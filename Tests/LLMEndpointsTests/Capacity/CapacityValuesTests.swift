import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct CapacityValuesTests {
    @Test(
        arguments: [
            ("gpt-4o", 50, 2_083.3, 4), ("gpt-4o-mini", 60, 37_000, 4), ("gpt-4o-mini-2024-07-18", 60, 37_000, 4),
            ("gpt-4o-2024-11-20", 60, 2_500, 4), ("gpt-5", 60, 4_750, 8), ("gpt-5.4", 60, 2_400, 6),
            ("gpt-4.1-nano", 15, 14_850, 4),
        ] as [(String, Int, Double, Double)])
    func `units of a known model have its figures`(model: String, ptu: Int, perSecond: Double, weight: Double) throws {
        let capacity = try #require(EndpointCapacity(model: model, ptu: ptu))
        #expect(abs(capacity.tokensPerSecond - perSecond) < 0.1 && capacity.outputWeight == weight)
    }

    @Test(arguments: ["", "gpt", "gpt-4", "gpt-4oo", "llama", "xgpt-4o"])
    func `a model that is not known has none`(model: String) {
        #expect(EndpointCapacity(model: model, ptu: 10) == nil)
    }

    @Test func `cached tokens are free, and output counts as often as its weight`() {
        let capacity = EndpointCapacity(tokensPerSecond: 100, outputWeight: 4, burst: .seconds(3))
        #expect(capacity.weighted(prompt: 1_000, cached: 600, output: 50) == 600)
        #expect(capacity.weighted(prompt: 10, cached: 600, output: 0) == 0)
        #expect(capacity.brim == 300)
    }
}

@Suite struct CallTokensTests {
    private func tokens(_ body: String) -> CallTokens { CallTokens(body: Array(body.utf8)) }

    @Test(
        arguments: [
            (#"{"messages":[1,2],"max_tokens":7}"#, 5, 7), (#"{"input":"abc","max_output_tokens":9}"#, 5, 9),
            (#"{"prompt":"abc","instructions":"de","tools":[]}"#, 11, nil),
            (#"{"messages":[],"max_completion_tokens":100,"n":3}"#, 2, 300),
            (#"{"prompt":"","max_tokens":100,"best_of":5,"n":2}"#, 2, 500),
            (#"{"messages":[],"max_tokens":-5}"#, 2, 0), (#"{"messages":[],"max_tokens":"many"}"#, 2, nil),
            (#"{"messages":[],"max_tokens":9000000000000000,"n":9000000000000000}"#, 2, 10_000_000),
            (#"{"model":"gpt-4o","user":"somebody"}"#, 0, nil), ("not json", 8, nil), ("", 0, nil),
        ] as [(String, Int, Int?)])
    func `a request says how long its prompt and its answer may be`(body: String, bytes: Int, limit: Int?) {
        #expect(tokens(body).promptBytes == bytes && tokens(body).outputLimit == limit)
    }

    @Test func `a picture is no text of hundreds of kilobytes`() {
        func bytes(_ data: String) -> Int {
            tokens(#"{"messages":["data:image/png;base64,\#(data)","text; text"]}"#).promptBytes
        }
        let empty = bytes("")
        #expect(bytes(String(repeating: "aZ9+/", count: 100)) == empty + 500)
        let large = String(repeating: #"aZ9+\/"#, count: 100_000) + "=="
        #expect(bytes(large) == empty + 4_420 - 8 && bytes(large + #"","x;base64,"# + large) < 10_000)
        // Only what is such data: text that follows counts.
        #expect(bytes(String(repeating: "a ", count: 10_000)) == empty + 20_000)
    }

    @Test func `estimates are learned from answers`() {
        var experience = TokenExperience()
        let call = CallTokens(prompt: 1_000, output: nil)
        #expect(experience.prompt(call) == 1_000 && experience.output(call) == 256)
        for _ in 0..<500 {
            experience.learn(call, TokenUsage(promptTokens: 2_000, completionTokens: 40))
        }
        #expect(experience.prompt(call) == 2_000 && experience.output(call) == 40)
        #expect(experience.output(CallTokens(prompt: 1, output: 9)) == 9)
    }

    @Test(arguments: [(1, 8.0), (1_000_000, 1.0)])
    func `what cannot be text is not believed`(tokens: Int, bytesPerToken: Double) {
        var experience = TokenExperience()
        let call = CallTokens(prompt: 1_000, output: 1)
        for _ in 0..<1_000 { experience.learn(call, TokenUsage(promptTokens: tokens, completionTokens: 900)) }
        #expect(abs(experience.bytesPerToken - bytesPerToken) < 0.01)
        // A request that says how long its answer may be teaches nothing about those that do not.
        #expect(experience.output == 256)
    }

    @Test func `an answer without counts teaches nothing`() {
        var experience = TokenExperience()
        experience.learn(CallTokens(prompt: 10, output: 1), TokenUsage(promptTokens: 0, completionTokens: 0))
        #expect(experience == TokenExperience())
    }
}

@Suite struct TokenUsesTests {
    private let usage = TokenUsage(promptTokens: 10, completionTokens: 5, cachedTokens: 2)

    private func key(_ model: String) -> TokenUses.Key { TokenUses.Key(endpoint: 0, model: model, queue: "q") }

    @Test func `calls are summed up by endpoint, model and queue until they are told`() {
        var uses = TokenUses()
        for _ in 0..<3 { uses.add(usage, key("m"), estimated: 20) }
        #expect(
            uses.report(named: [endpoint("a")]).uses == [
                TokenUse(
                    endpoint: "a", model: "m", queue: "q", calls: 3, estimated: 60, prompt: 30, completion: 15,
                    cached: 6)
            ])
        uses.reportArrived()
        #expect(uses.isEmpty && uses.report(named: [endpoint("a")]).uses.isEmpty)
    }

    @Test func `what may not have arrived is told again as it was, under its number, and the rest after it`() {
        var uses = TokenUses()
        uses.add(usage, key("m"), estimated: 20)
        let first = uses.report(named: [endpoint("a")])
        uses.add(usage, key("m"), estimated: 20)
        uses.add(usage, key("m"), estimated: 20)
        #expect(uses.report(named: [endpoint("a")]) == first && first.uses.map(\.calls) == [1])
        uses.reportArrived()
        let second = uses.report(named: [endpoint("a")])
        #expect(second.number > first.number && second.uses.map(\.calls) == [2] && !uses.isEmpty)
    }

    @Test func `models that clients invent do not grow without bound`() {
        var uses = TokenUses()
        for number in 0..<1_000 { uses.add(usage, key("m\(number)"), estimated: 1) }
        uses.add(usage, key("m0"), estimated: 1)
        let told = uses.report(named: [endpoint("a")]).uses
        #expect(told.count == 201 && told.first { $0.model == "other" }?.calls == 800)
        #expect(told.first { $0.model == "m0" }?.calls == 2)
    }
}
