import JobFlow
import Settings
import Testing

@Suite struct WebhookSettingsTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"

    @Test func `there are no secrets by default, and nothing private is allowed`() {
        let webhooks = Settings.defaults.webhooks
        #expect(webhooks.secrets.secrets.isEmpty && webhooks.allowedRanges.isEmpty)
        #expect(webhooks.schedule == [5, 300, 1800, 7200, 18_000, 36_000].map { .seconds($0) })
    }

    @Test func `lists are arrays of texts in the file, and words in the environment`() throws {
        let json = #"{"webhooks":{"secrets":["\#(Self.secret)","\#(Self.other)"],"delays":["1s","2m"]}}"#
        let webhooks = try loaded(json, environment: ["SLUICE_WEBHOOKS_ALLOW_ADDRESSES": "10.0.0.0/8 ::1"]).webhooks
        #expect(webhooks.secrets.secrets.map(\.exposed) == [Self.secret, Self.other])
        #expect(webhooks.schedule == [.seconds(1), .seconds(120)])
        #expect(webhooks.allowedRanges == [NetworkRange("10.0.0.0/8"), NetworkRange("::1")])
    }

    @Test func `a secret may come from elsewhere, and is never shown`() throws {
        let settings = try loaded(
            #"{"webhooks":{"secrets":["${env:OLD}","${env:NEW}"]}}"#,
            environment: ["OLD": Self.secret, "NEW": Self.other])
        #expect(settings.webhooks.secrets.secrets.map(\.exposed) == [Self.secret, Self.other])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("MfKQ") && !SettingsSummary(settings).json.contains("MfKQ"))
    }

    @Test(arguments: [
        (#""secrets":["whsec_short"]"#, "webhooks.secrets"), (#""secrets":["a secret"]"#, "webhooks.secrets"),
        (#""secrets":[1]"#, "webhooks.secrets"), (#""delays":["5"]"#, "webhooks.delays"),
        (#""delays":["0s"]"#, "webhooks.delays"), (#""allow_addresses":["10.0.0.0/64"]"#, "webhooks.allow_addresses"),
        (#""allow_addresses":"localhost""#, "webhooks.allow_addresses"), (#""url":"ftp://h""#, "webhooks.url"),
        (#""max_attempts":0"#, "webhooks.max_attempts"), (#""timeout":"1h""#, "webhooks.timeout"),
        (#""secret":"x""#, "webhooks.secret"), (#""url":"https://example.com/""#, "webhooks.url"),
    ])
    func `what is wrong is named, and a secret is not quoted`(member: String, path: String) {
        let faults = faults(#"{"webhooks":{\#(member)}}"#)
        #expect(faults.map(\.path) == [path])
        #expect(faults.allSatisfy { !$0.message.contains("whsec_short") })
    }
}
