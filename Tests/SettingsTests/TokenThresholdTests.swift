import JobFlow
import Settings
import Testing

@Suite struct TokenThresholdTests {
    private func file(_ thresholds: String..., endpoints: String = #"{"name":"east","url":"http://h"}"#) -> String {
        #"{"pool":{"endpoints":[\#(endpoints)],"token_thresholds":[\#(thresholds.joined(separator: ","))]}}"#
    }

    @Test func `a threshold has a name and tokens, all else has a default`() throws {
        let settings = try loaded(file(#"{"name":"daily","tokens":50000000}"#))
        #expect(settings.pool.tokenThresholds == [TokenThresholdSettings(name: "daily", tokens: 50_000_000)])
        #expect(settings.pool.tokenThresholds[0].per == .seconds(86_400))
        #expect(Settings.defaults.pool.tokenThresholds.isEmpty)
    }

    @Test func `it can be of one endpoint, model and queue, and of up to two days`() throws {
        let json = file(
            #"{"name":"a","endpoint":"east","model":"gpt-4o","queue":"batch","tokens":1,"per":"48h"}"#,
            #"{"name":"b","endpoint":null,"tokens":2,"per":"1h"}"#)
        let (settings, thresholds) = (try loaded(json), try loaded(json).pool.tokenThresholds)
        #expect(thresholds.map(\.endpoint) == ["east", nil] && thresholds.map(\.queue) == ["batch", nil])
        #expect(
            thresholds.map(\.model) == ["gpt-4o", nil] && thresholds.map(\.per) == [.seconds(172_800), .seconds(3600)])
        #expect(try loaded(SettingsSummary(settings).json) == settings)
    }

    @Test func `it can be set by environment and flag`() throws {
        let settings = try loaded(
            file(#"{"name":"a","tokens":1}"#), environment: ["SLUICE_POOL_TOKEN_THRESHOLDS_0_TOKENS": "7"],
            flags: [("pool.token_thresholds[0].per", "2h")])
        #expect(settings.pool.tokenThresholds[0].tokens == 7 && settings.pool.tokenThresholds[0].per == .seconds(7200))
    }

    @Test(
        arguments: [
            (#"{"tokens":1}"#, "name", "is missing"), (#"{"name":"a"}"#, "tokens", "is missing"),
            (#"{"name":"a","tokens":0}"#, "tokens", "from 1"),
            (#"{"name":"a","tokens":1.5}"#, "tokens", "whole number"),
            (#"{"name":"a","tokens":1,"per":"90m"}"#, "per", "whole hours"),
            (#"{"name":"a","tokens":1,"per":"59m"}"#, "per", "from 1h to 2d"),
            (#"{"name":"a","tokens":1,"per":"49h"}"#, "per", "from 1h to 2d"),
            (#"{"name":"a","tokens":1,"per":"7200001ms"}"#, "per", "whole hours"),
            (#"{"name":"a","tokens":1,"endpoint":"aest"}"#, "endpoint", "did you mean 'east'?); there are east"),
            (#"{"name":"a","tokens":1,"queue":"night"}"#, "queue", "there are interactive, default, batch"),
            (#"{"name":"a","tokens":1,"model":""}"#, "model", "is empty"),
            (#"{"name":"a","tokens":1,"every":"1h"}"#, "every", "is not a known key"),
        ])
    func `a fault is told with its path`(threshold: String, key: String, says: String) throws {
        let found = faults(file(threshold))
        #expect(found.map(\.path) == ["pool.token_thresholds[0].\(key)"])
        #expect(found.first?.message.contains(says) == true, "\(found)")
    }

    @Test func `names are unique`() {
        let found = faults(file(#"{"name":"a","tokens":1}"#, #"{"name":"a","tokens":2}"#))
        #expect(found.map(\.path) == ["pool.token_thresholds[1].name"])
        #expect(found.first?.message.contains("every threshold needs a name of its own") == true)
    }

    @Test func `an endpoint that is at fault itself is blamed alone, and without one there is none`() {
        let threshold = #"{"name":"a","tokens":1,"endpoint":"east"}"#
        #expect(
            faults(file(threshold, endpoints: #"{"name":"EAST","url":"http://h"}"#)).map(\.path) == [
                "pool.endpoints[0].name"
            ])
        #expect(faults(file(threshold, endpoints: "")).first?.message.contains("there is none") == true)
    }
}
