import Curl
import JobFlow
import Synchronization
import Testing

@testable import CloudSecrets

@Suite struct EntraTokensTests {
    private static let answer = #"{"token_type":"Bearer","expires_in":3599,"access_token":"tok"}"#

    @Test func `a client secret is exchanged for a token`() async throws {
        let cloud = AnsweringCloud((200, Self.answer))
        let place = place(["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s&s"])
        let token = try await EntraTokens(place, http: cloud.http, now: { noon }).token()
        #expect(token.text == "tok" && token.expiresAt == noon + .seconds(3599))
        let asked = try #require(cloud.asked.first)
        #expect(asked.url == "https://login.microsoftonline.com/t/oauth2/v2.0/token")
        #expect(
            asked.text == "client_id=c&grant_type=client_credentials"
                + "&scope=https%3A%2F%2Fcognitiveservices.azure.com%2F.default&client_secret=s%26s")
    }

    @Test func `a workload shows the token that its file holds now`() async throws {
        let cloud = AnsweringCloud((200, Self.answer))
        let place = place(
            [
                "AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_FEDERATED_TOKEN_FILE": "/f",
                "AZURE_AUTHORITY_HOST": "http://127.0.0.1:1/",
            ], files: ["/f": "jwt\n"])
        _ = try await EntraTokens(place, http: cloud.http, now: { noon }).token()
        let asked = try #require(cloud.asked.first)
        #expect(asked.url == "http://127.0.0.1:1/t/oauth2/v2.0/token")
        #expect(asked.text.hasSuffix("jwt-bearer&client_assertion=jwt"))
    }

    @Test func `managed identities are asked where they are, and their numbers are texts`() async throws {
        let text = #"{"access_token":"tok","expires_in":"86400","expires_on":"1795352400"}"#
        let cloud = AnsweringCloud((200, text), (200, text))
        let machine = try await EntraTokens(place(["AZURE_CLIENT_ID": "c"]), http: cloud.http, now: { noon }).token()
        #expect(machine.expiresAt == noon + .seconds(3600))
        #expect(
            cloud.asked[0].url == "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
                + "&resource=https%3A%2F%2Fcognitiveservices.azure.com&client_id=c")
        #expect(cloud.asked[0].header("Metadata") == "true")
        let app = place(["IDENTITY_ENDPOINT": "http://127.0.0.1:9/msi", "IDENTITY_HEADER": "h"])
        _ = try await EntraTokens(app, http: cloud.http, now: { noon }).token()
        #expect(cloud.asked[1].header("X-IDENTITY-HEADER") == "h")
    }

    @Test func `a token is renewed ahead of its end, at once when it is refused, and serves while no other can be had`()
        async throws
    {
        let cloud = AnsweringCloud((200, Self.answer))
        let time = Mutex(noon)
        let place = place(["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"])
        let tokens = EntraTokens(place, http: cloud.http, now: { time.withLock { $0 } })
        _ = try await tokens.token()
        _ = try await tokens.token()
        #expect(cloud.asked.count == 1)
        time.withLock { $0 = noon + .seconds(3400) }
        #expect(try await tokens.token().text == "tok")
        #expect(cloud.asked.count == 2, "it was tried")
        cloud.answer(200, #"{"expires_in":3599,"access_token":"tok2"}"#)
        #expect(try await tokens.token(isRefused: true).text == "tok2")
        await #expect(throws: CloudFault.self) { try await tokens.token(isRefused: true) }
    }

    @Test func `a refusal is named by its code`() async {
        let cloud = AnsweringCloud((401, #"{"error":"invalid_client","error_description":"AADSTS7000215: x"}"#))
        let place = place(["AZURE_TENANT_ID": "t", "AZURE_CLIENT_ID": "c", "AZURE_CLIENT_SECRET": "s"])
        await #expect(throws: CloudFault("Microsoft Entra ID answered 401 (invalid_client)")) {
            try await EntraTokens(place, http: cloud.http, now: { noon }).token()
        }
    }
}
