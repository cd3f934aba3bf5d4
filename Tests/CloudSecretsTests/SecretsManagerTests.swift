import Curl
import JobFlow
import Testing

@testable import CloudSecrets

@Suite struct SecretsManagerTests {
    private func manager(_ cloud: AnsweringCloud, endpoint: String? = nil) -> SecretsManager {
        let place = place(
            ["AWS_ACCESS_KEY_ID": "AK", "AWS_SECRET_ACCESS_KEY": "SK", "AWS_SESSION_TOKEN": "ST"])
        let chain = AWSCredentialChain(place, region: "us-east-1", http: cloud.http, now: { noon })
        return SecretsManager(
            id: "prod/llm-config", region: "us-east-1", endpoint: endpoint, place: place, chain: chain, http: cloud.http
        )
    }

    @Test func `the secret's texts are read by one signed request`() async throws {
        let cloud = AnsweringCloud((200, #"{"ARN":"x","SecretString":"{\"eastus_key\":\"k1\",\"b\":\"k2\"}"}"#))
        #expect(try await manager(cloud).texts() == ["eastus_key": "k1", "b": "k2"])
        let asked = try #require(cloud.asked.first)
        #expect(asked.url == "https://secretsmanager.us-east-1.amazonaws.com/")
        #expect(asked.text == #"{"SecretId":"prod/llm-config"}"#)
        #expect(asked.header("X-Amz-Target") == "secretsmanager.GetSecretValue")
        #expect(asked.header("X-Amz-Security-Token") == "ST")
        #expect(
            asked.signature
                == CurlRequest.Signature(scope: "aws:amz:us-east-1:secretsmanager", key: "AK", secret: "SK"))
    }

    @Test(arguments: [
        (400, #"{"__type":"ResourceNotFoundException","Message":"prod"}"#, "400 (ResourceNotFoundException)", false),
        (
            403, "<Error><Code>SignatureDoesNotMatch</Code><Message>m</Message></Error>", "403 (SignatureDoesNotMatch)",
            false
        ),
        (400, #"{"__type":"com.amazon#ThrottlingException"}"#, "400 (ThrottlingException)", false),
        (503, "busy", "503", true),
    ])
    func `a refusal is named by its code, and never by its text`(
        status: Int, body: String, told: String, isRetriable: Bool
    ) async {
        let fault = CloudFault("AWS Secrets Manager answered \(told)", isRetriable: isRetriable)
        await #expect(throws: fault) { try await manager(AnsweringCloud((status, body))).texts() }
    }

    @Test(arguments: [
        #"{"SecretBinary":"AA=="}"#, #"{"SecretString":"plain"}"#, #"{"SecretString":"{\"a\":1}"}"#,
    ])
    func `a secret that is no object of texts is refused`(body: String) async {
        await #expect(throws: CloudFault.self) { try await manager(AnsweringCloud((200, body))).texts() }
    }

    @Test func `nothing that signs is printed`() {
        let signature = CurlRequest.Signature(scope: "s", key: "AK", secret: "SK")
        let credentials = AWSCredentials(accessKey: "AK", secretKey: "SK")
        #expect("\(signature) \(credentials)" == "redacted redacted")
    }
}
