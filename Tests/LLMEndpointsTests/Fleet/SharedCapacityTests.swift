import JobFlow
import TestKit
import Testing

@testable import LLMEndpoints

/// A provisioned endpoint.
func provisioned(
    _ name: String, perSecond: Double = 1000, weight: Double = 4, burst: Duration = .seconds(10), priority: Int = 0,
    maxPromptTokens: Int? = nil
) -> EndpointConfiguration {
    var endpoint = endpoint(name, priority: priority)
    endpoint.tier = .ptu
    endpoint.capacity = EndpointCapacity(tokensPerSecond: perSecond, outputWeight: weight, burst: burst)
    endpoint.maxPromptTokens = maxPromptTokens
    return endpoint
}

extension CallTokens {
    /// Of a prompt with so many tokens, as long as nothing was learned.
    init(prompt: Int, output: Int?) {
        self.init(body: [])
        promptBytes = prompt * 4
        outputLimit = output
    }
}

@Suite struct SharedCapacityTests {
    private let burst = 10_000.0
    private let rate = 1000.0

    /// Admits whatever it can for a minute, in steps of ten milliseconds; `shares` are the processes' chances to ask.
    private func admitted(_ processes: Int, asks: (_ step: Int, _ process: Int) -> Bool) -> Double {
        var fleet = Fleet(processes, [provisioned("a")])
        var sum = 0.0
        let needs = CallNeeds(model: "gpt-4o", tokens: CallTokens(prompt: 60, output: 10))
        for step in 0..<6000 {
            fleet.tick(.milliseconds(10))
            for process in 0..<processes where asks(step, process) {
                while let call = fleet.call(process, needs) { sum += call.estimate }
                if (step + process).isMultiple(of: 5) { fleet.exchange(process) }
            }
        }
        return sum
    }

    @Test func `three processes together admit what the endpoint takes in a minute, and its burst`() {
        let sum = admitted(3) { _, _ in true }
        #expect(abs(sum / (rate * 60 + burst) - 1) < 0.02, "they admitted \(sum)")
    }

    @Test func `so do twenty`() {
        let sum = admitted(20) { _, _ in true }
        #expect(abs(sum / (rate * 60 + burst) - 1) < 0.03, "they admitted \(sum)")
    }

    @Test func `one process that has all the work gets all the room`() {
        let sum = admitted(3) { _, process in process == 0 }
        #expect(abs(sum / (rate * 60 + burst) - 1) < 0.02, "it admitted \(sum)")
    }

    @Test func `work that moves from one process to another takes the room with it`() {
        let sum = admitted(3) { step, process in step / 2000 == process }
        #expect(abs(sum / (rate * 60 + burst) - 1) < 0.03, "they admitted \(sum)")
    }

    @Test func `a flood after a rest is no more than the burst, though all begin at once`() {
        var fleet = Fleet(10, [provisioned("a")])
        fleet.pass(.seconds(60))
        let needs = CallNeeds(model: "gpt-4o", tokens: CallTokens(prompt: 60, output: 10))
        var sum = 0.0
        for _ in 0..<60 {
            for process in 0..<10 { while let call = fleet.call(process, needs) { sum += call.estimate } }
            for process in 0..<10 { fleet.exchange(process) }
            fleet.tick(.milliseconds(5))
        }
        #expect(sum < burst * 1.15 && sum > burst * 0.9, "they admitted \(sum)")
    }

    @Test func `a 429 empties the room for the whole fleet until the time it names`() {
        var fleet = Fleet(2, [provisioned("a")])
        fleet.see(.throttled(for: .seconds(5)), at: 0)
        fleet.exchangeAll()
        #expect((fleet.standing("a").room?.tokens ?? 0) <= -4_999)
        fleet.pass(.milliseconds(4_990), step: .milliseconds(10))
        #expect(fleet.open().isEmpty)
        // They believed that there was room, and are more careful for a while.
        fleet.pass(.milliseconds(600), step: .milliseconds(10))
        #expect(fleet.open() == [0, 1])
        // Not a whole burst at once: the endpoint's own bucket is still full.
        #expect(fleet.pools[0].gates[0].meter.map { $0.room(at: fleet.now) < 200 } == true)
    }

    @Test func `retries of all processes together are a share of first calls, and a few a second`() {
        var fleet = Fleet(4, [endpoint("a")])
        var made = 0
        for _ in 0..<600 {
            fleet.tick(.milliseconds(100))
            for process in 0..<4 {
                for _ in 0..<5 { _ = fleet.call(process) }
                let retry = CallNeeds(model: "gpt-4o", isRetry: true)
                while made < 100_000, fleet.call(process, retry) != nil { made += 1 }
                fleet.exchange(process)
            }
        }
        // A minute of 10 a second, and a fifth of 12 000 first calls.
        let expected = 600.0 + 2_400
        #expect(abs(Double(made) / expected - 1) < 0.1, "they made \(made)")
    }
}
