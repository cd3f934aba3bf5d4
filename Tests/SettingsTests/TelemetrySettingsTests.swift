import Settings
import Testing

@Suite struct TelemetrySettingsTests {
    private func headers(_ text: String, environment: [String: String] = [:]) throws -> [[String]] {
        try loaded(#"{"telemetry":{"otlp_headers":"\#(text)"}}"#, environment: environment).telemetry.headers
            .map { [$0.name, $0.value] }
    }

    @Test func `a collector is told nothing by default`() {
        #expect(Settings.defaults.telemetry.headers.isEmpty)
    }

    @Test func `headers are written as OpenTelemetry's variable has them`() throws {
        #expect(try headers("api-key=abc==") == [["api-key", "abc=="]])
        #expect(
            try headers("Authorization=Basic%20dTpw, X-Scope=a%2Cb") == [
                ["authorization", "Basic dTpw"], ["x-scope", "a,b"],
            ])
        let whole = try headers("${env:OTEL_EXPORTER_OTLP_HEADERS}", environment: ["OTEL_EXPORTER_OTLP_HEADERS": "a=b"])
        #expect(whole == [["a", "b"]])
    }

    @Test func `a key may come from elsewhere, and is never shown`() throws {
        let settings = try loaded(
            #"{"telemetry":{"otlp_headers":"authorization=Bearer ${env:KEY}"}}"#, environment: ["KEY": "geheim"])
        #expect(settings.telemetry.headers.map(\.value) == ["Bearer geheim"])
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!dumped.contains("geheim") && !SettingsSummary(settings).json.contains("geheim"))
    }

    @Test func `another key is a change that a new process heeds, though it prints alike`() throws {
        func settings(_ key: String) throws -> Settings {
            try loaded(#"{"telemetry":{"otlp_headers":"api-key=\#(key)"}}"#)
        }
        let change = SettingsChange(from: try settings("a"), to: try settings("b"))
        #expect(change.needingRestart == ["telemetry.otlp_headers"])
    }

    @Test(arguments: [
        "geheim", "=geheim", "api-key=", "api key=geheim", "a=geheim,", "a=geheim,a=geheim", "a=geheim%0d%0a",
        "a=geheim%2", "content-type=geheim", "Host=geheim", "a=geheim\\u00e9", "",
    ])
    func `what is no list of headers is refused by name, and not quoted`(text: String) {
        let found = faults(#"{"telemetry":{"otlp_headers":"\#(text)"}}"#)
        #expect(found.map(\.path) == ["telemetry.otlp_headers"])
        #expect(found.allSatisfy { $0.message.contains("such as api-key=KEY") && !$0.message.contains("geheim") })
    }

    @Test func `what a reference brings is held to the same`() {
        let found = faults(
            #"{"telemetry":{"otlp_headers":"a=${env:KEY}"}}"#, environment: ["KEY": "geheim,b"])
        #expect(found.map(\.path) == ["telemetry.otlp_headers"])
        #expect(found.allSatisfy { !$0.message.contains("geheim") })
    }

    @Test func `metrics are counted unless they are switched off, which needs a restart`() throws {
        let counted = try loaded("{}")
        let silent = try loaded(#"{"telemetry":{"metrics":false}}"#)
        #expect(counted.telemetry.metrics && !silent.telemetry.metrics)
        #expect(SettingsChange(from: counted, to: silent).needingRestart == ["telemetry.metrics"])
    }
}
