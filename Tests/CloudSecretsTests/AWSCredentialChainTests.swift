import Curl
import JobFlow
import Synchronization
import Testing

@testable import CloudSecrets

@Suite struct AWSCredentialChainTests {
    private static let sts = """
        <AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>
        <AccessKeyId>AK</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>ST</SessionToken>
        <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """

    private func chain(
        _ place: CloudPlace, _ cloud: AnsweringCloud, now: @escaping WallClock = { noon }
    ) -> AWSCredentialChain {
        AWSCredentialChain(place, region: "eu-west-1", http: cloud.http, now: now)
    }

    @Test func `a web identity is exchanged for credentials, unsigned, with the token that the file holds now`()
        async throws
    {
        let cloud = AnsweringCloud((200, Self.sts))
        let place = place(
            ["AWS_ROLE_ARN": "arn:aws:iam::1:role/r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], files: ["/t": "jwt\n"])
        let credentials = try await chain(place, cloud).credentials()
        #expect(credentials.accessKey == "AK" && credentials.secretKey == "SK" && credentials.sessionToken == "ST")
        #expect(credentials.expiresAt == noon + .seconds(3600))
        let asked = try #require(cloud.asked.first)
        #expect(asked.url == "https://sts.eu-west-1.amazonaws.com/" && asked.signature == nil)
        #expect(
            asked.text
                == "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
                + "&RoleSessionName=sluice&WebIdentityToken=jwt")
    }

    @Test func `a container is asked with its token, without the line's end`() async throws {
        let cloud = AnsweringCloud(
            (200, #"{"AccessKeyId":"A","SecretAccessKey":"B","Token":"C","Expiration":"2026-11-22T14:00:00.123Z"}"#))
        let place = place(
            [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/t",
            ], files: ["/t": "pod\n"])
        let credentials = try await chain(place, cloud).credentials()
        #expect(credentials.sessionToken == "C" && credentials.expiresAt == noon + .milliseconds(7_200_123))
        #expect(cloud.asked.first?.header("Authorization") == "pod")
    }

    @Test func `an instance is asked by the second version of its protocol`() async throws {
        let cloud = AnsweringCloud(
            (200, "token"), (200, "role\n"),
            (
                200,
                #"{"Code":"Success","AccessKeyId":"A","SecretAccessKey":"B","Token":"C","Expiration":"2026-11-22T14:00:00Z"}"#
            ))
        _ = try await chain(place(), cloud).credentials()
        #expect(cloud.asked.map(\.method) == ["PUT", "GET", "GET"])
        #expect(cloud.asked[1].header("x-aws-ec2-metadata-token") == "token")
        #expect(cloud.asked[2].url.hasSuffix("/latest/meta-data/iam/security-credentials/role"))
    }

    @Test func `credentials are renewed ahead of their end, and the old ones serve while none can be had`() async throws
    {
        let cloud = AnsweringCloud((200, Self.sts))
        let time = Mutex(noon)
        let place = place(["AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], files: ["/t": "jwt"])
        let chain = chain(place, cloud) { time.withLock { $0 } }
        _ = try await chain.credentials()
        time.withLock { $0 = noon + .seconds(3200) }
        _ = try await chain.credentials()
        #expect(cloud.asked.count == 1)
        time.withLock { $0 = noon + .seconds(3400) }
        #expect(try await chain.credentials().accessKey == "AK")
        #expect(cloud.asked.count == 2)
        cloud.answer(200, Self.sts.replacing("AK", with: "AK2").replacing("13:00:00", with: "15:00:00"))
        #expect(try await chain.credentials().accessKey == "AK2")
        time.withLock { $0 = noon + .seconds(4 * 3600) }
        await #expect(throws: CloudFault.self) { try await chain.credentials() }
    }

    @Test func `a token with a control character is not sent`() async {
        let place = place(["AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t"], files: ["/t": "a\u{1}b"])
        let cloud = AnsweringCloud()
        await #expect(throws: CloudFault("the token file /t holds no token")) {
            try await chain(place, cloud).credentials()
        }
        #expect(cloud.asked.isEmpty)
    }
}
