import JobFlow
import TestKit
import Testing

@testable import JobWebhooks

@Suite struct `Signatures of webhooks` {
    /// The example of the Standard Webhooks specification and its libraries.
    @Test func `the signature is that of the specification`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330", body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test func `a request carries name, time and one signature for each secret`() throws {
        let secrets = try ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"].map {
            try #require(WebhookSecret($0))
        }
        let now = Timestamp(milliseconds: 1_700_000_000_999)
        let request = WebhookRequest(Events.event(), body: Array("{}".utf8), secrets: secrets, now: now)
        let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { first, _ in first }
        #expect(headers["webhook-id"] == Events.event().id.description)
        #expect(headers["webhook-timestamp"] == "1700000000")
        #expect(headers["content-type"] == "application/json")
        let signatures = headers["webhook-signature"]?.split(separator: " ") ?? []
        #expect(signatures.count == 2)
        #expect(Set(signatures).count == 2)
        #expect(signatures.allSatisfy { $0.hasPrefix("v1,") })
    }

    @Test(arguments: [
        "", "whsec_", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqr", "whsec_not base64!",
        "whsec_" + String(repeating: "AAAA", count: 22),
    ])
    func `what is no secret is none`(text: String) { #expect(WebhookSecret(text) == nil) }

    @Test func `a secret is never shown`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        var shown = ""
        dump([secret], to: &shown)
        #expect(!(shown + "\(secret) \([secret])").contains("MfKQ"))
    }
}
