import JobFlow
import Redis
import Testing

@testable import FleetBoard

@Suite struct `A reply of the board` {
    private func reply(_ words: String...) -> RedisReply { .array(words.map { .bytes(ArraySlice($0.utf8)) }) }

    @Test func `is read whole`() throws {
        let line = "100 200 3 1 400 5 unauthorized 1 1 6 2 -7.500 8.000 9.000 1795348800000"
        let standing = try #require(ReadStanding.standing(reply("1.5", line), of: ["east"]))
        let east = EndpointStanding(
            endpoint: "east", throttledFor: .milliseconds(100),
            health: HealthGate(closedFor: .milliseconds(200), round: 3, isUnreachable: true),
            out: CredentialGate(closedFor: .milliseconds(400), reason: "unauthorized"), renewals: 5, mayProbe: true,
            mayReload: true, room: TokenRoom(tokens: -7.5, rate: 8, burst: 9, sharers: 2), inflight: 6,
            drainedAt: Timestamp(milliseconds: 1_795_348_800_000))
        #expect(standing == PoolStanding(endpoints: [east], retryAllowance: 1.5))
    }

    @Test(
        arguments: [
            "", "x", "0 -1 0 0 -1 0 -", "0 -1 0 0 -1 0 - 0 0 0 0 0 0 0", "0 -1 0 0 -1 0 - 0 0 0 0 0 0 0 0 0",
            "x -1 0 0 -1 0 - 0 0 0 0 0 0 0 0", "0 -1 0 0 -1 0 - 0 0 0 1 nan 0 0 0",
            "0 -1 0 0 -1 0 - 0 0 0 1 0 inf 0 0",
        ])
    func `of another shape is none`(_ line: String) {
        #expect(ReadStanding.standing(reply("0", line), of: ["east"]) == nil)
    }

    @Test func `of another length is none`() {
        let line = "0 -1 0 0 -1 0 - 0 0 0 0 0 0 0 0"
        #expect(ReadStanding.standing(reply("0"), of: ["east"]) == nil)
        #expect(ReadStanding.standing(reply("0", line, line), of: ["east"]) == nil)
        #expect(ReadStanding.standing(reply("nan", line), of: ["east"]) == nil)
        #expect(ReadStanding.standing(.integer(1), of: ["east"]) == nil)
        #expect(ReadStanding.standing(.array([.null, .null]), of: ["east"]) == nil)
    }
}
