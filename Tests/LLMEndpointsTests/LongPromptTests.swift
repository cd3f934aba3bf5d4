import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

@Suite struct LongPromptTests {
    private let now = Samples.start
    private var random = SeededGenerator()

    private mutating func choose(
        _ endpoints: [EndpointConfiguration], prompt: Int, tooLongFor: Set<String> = [], tried: Set<String> = []
    ) -> Chosen {
        var pool = PoolState(PoolConfiguration(endpoints: endpoints))
        let needs = CallNeeds(
            model: "gpt-4o", tried: tried.union(tooLongFor), tooLongFor: tooLongFor, spill: .never,
            tokens: CallTokens(prompt: prompt, output: 1))
        return Chosen(pool.choose(needs, at: now, random: &random))
    }

    private func limited(_ name: String, _ most: Int?) -> EndpointConfiguration {
        var endpoint = endpoint(name, priority: 1)
        endpoint.maxPromptTokens = most
        return endpoint
    }

    private var small: EndpointConfiguration { provisioned("small", maxPromptTokens: 1_000) }

    @Test(arguments: [(999, 0), (1_000, 0), (1_001, 1), (1_000_000, 1)])
    mutating func `a prompt that is too long for a provisioned endpoint goes straight to one that takes it`(
        prompt: Int, index: Int
    ) {
        #expect(choose([small, limited("large", nil)], prompt: prompt) == .endpoint(index))
    }

    @Test mutating func `an estimate alone turns nothing away`() {
        #expect(choose([small, limited("larger", 2_000)], prompt: 9_000) == .endpoint(1))
        #expect(choose([small], prompt: 9_000) == .endpoint(0))
    }

    @Test mutating func `where it was too long, and where no longer ones are taken, it does not go again`() {
        let same = limited("same", 1_000)
        #expect(choose([small, same], prompt: 500, tooLongFor: ["small"]) == .exhausted)
        #expect(choose([small, same, limited("large", 8_000)], prompt: 500, tooLongFor: ["small"]) == .endpoint(2))
        #expect(
            choose([small, limited("any", nil), limited("large", 8_000)], prompt: 500, tooLongFor: ["small", "any"])
                == .endpoint(2))
    }

    @Test mutating func `a larger one is called though it costs extra`() {
        let paid = limited("paid", nil)
        #expect(choose([small, paid], prompt: 500) == .endpoint(0))
        #expect(choose([small, paid], prompt: 500, tooLongFor: ["small"]) == .endpoint(1))
    }
}
