import JobFlow
import Testing

@testable import JobIntake

@Suite struct ModelCallTests {
    private func call(
        _ body: String, _ path: UpstreamPath = .chatCompletions, deployment: String? = nil,
        endpoints: [IntakeEndpoint]? = [IntakeEndpoint(name: "a", model: "m", deployment: "d")]
    ) throws(IntakeProblem) -> ModelCall {
        try ModelCall(Array(body.utf8), path: path, deployment: deployment, models: ["m", "d"], endpoints: endpoints)
    }

    private func text(_ call: ModelCall) -> String { String(decoding: call.body, as: UTF8.self) }

    @Test func `a body is passed on as it came`() throws {
        let body = " {\"model\" : \"m\",\"x\":1e400,\"\\u0073tream\":false }\n"
        #expect(try text(call(body)) == body)
    }

    @Test func `the deployment is the model where the body has none, and stands there where an endpoint needs it`()
        throws
    {
        let plain = [IntakeEndpoint(name: "a", model: "m")]
        for body in ["{\"a\":1}", "{\"model\":null,\"a\":1}"] {
            let unchanged = try call(body, deployment: "m")
            #expect(unchanged.model == "m" && text(unchanged) == body)
            #expect(try text(call(body, deployment: "m", endpoints: plain)) == "{\"model\":\"m\",\"a\":1}")
        }
        #expect(try text(call("{}", deployment: "m", endpoints: nil)) == "{\"model\":\"m\"}")
        #expect(try call("{\"model\":\"d\"}", deployment: "m").model == "d")
        #expect(try call("{}").model == nil)
    }

    @Test func `a background response asks the upstream without what is for us`() throws {
        let made = try call(
            #"{ "background": true , "model":"m","background_options":{"completion_window":"2h"},"input":"a" ,"store":false }"#,
            .responses)
        #expect(text(made) == #"{"model":"m","input":"a" }"#)
        #expect(made.background?.window == .twoHours)
        #expect(made.background?.echo == Array(#"{"store":false}"#.utf8))
        let waited = #"{"background":false,"model":"m"}"#
        #expect(try call(waited, .responses).background == nil)
        #expect(try text(call(waited, .responses)) == waited)
        // It means something on this path only.
        #expect(try call(#"{"background":true}"#).background == nil)
    }

    @Test func `only short members are echoed`() throws {
        let long = String(repeating: "a", count: 600)
        let made = try call(#"{"background":true,"instructions":"\#(long)","top_p":0.50,"tools":[]}"#, .responses)
        #expect(made.background?.echo == Array(#"{"top_p":0.50}"#.utf8))
    }

    @Test(arguments: [
        ("", "empty_body", nil as String?), ("[]", "invalid_json", nil), ("{\"model\":7}", "invalid_value", "model"),
        ("{\"model\":\"x\"}", "model_not_found", "model"), ("{\"stream\":1}", "invalid_value", "stream"),
        ("{\"model\":\"m\",\"model\":\"d\"}", "invalid_value", "model"),
        ("{\"background\":1}", "invalid_value", "background"),
        ("{\"background\":true,\"store\":1}", "invalid_value", "store"),
        ("{\"background\":true,\"background_options\":1}", "invalid_value", "background_options"),
        (
            "{\"background\":true,\"background_options\":{\"completion_window\":\"3h\"}}", "invalid_value",
            "background_options.completion_window"
        ),
    ])
    func `what is wrong is named`(body: String, code: String, param: String?) {
        let problem = #expect(throws: IntakeProblem.self) { try call(body, .responses) }
        #expect(problem?.code == code && problem?.param == param)
    }
}
