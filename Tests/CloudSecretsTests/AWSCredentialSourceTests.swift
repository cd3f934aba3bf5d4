import Testing

@testable import CloudSecrets

@Suite struct AWSCredentialSourceTests {
    @Test func `the environment's keys go before everything else`() throws {
        let found = try AWSCredentialSource.find(
            place([
                "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "s", "AWS_SESSION_TOKEN": "t", "AWS_ROLE_ARN": "r",
                "AWS_WEB_IDENTITY_TOKEN_FILE": "/token",
            ]))
        #expect(found == .fixed(AWSCredentials(accessKey: "a", secretKey: "s", sessionToken: "t")))
    }

    @Test func `then a web identity, a shared file, a container, the instance`() throws {
        let files = ["/home/u/.aws/credentials": "[default]\naws_access_key_id = f\naws_secret_access_key=g=h\n"]
        var environment = [
            "AWS_ROLE_ARN": "r", "AWS_WEB_IDENTITY_TOKEN_FILE": "/t", "HOME": "/home/u",
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/creds",
        ]
        #expect(
            try AWSCredentialSource.find(place(environment, files: files))
                == .webIdentity(role: "r", tokenFile: "/t", session: "sluice"))
        environment["AWS_ROLE_ARN"] = ""
        #expect(
            try AWSCredentialSource.find(place(environment, files: files))
                == .fixed(AWSCredentials(accessKey: "f", secretKey: "g=h")))
        #expect(
            try AWSCredentialSource.find(place(environment))
                == .container(url: "http://169.254.170.2/v2/creds", token: nil))
        #expect(try AWSCredentialSource.find(place()) == .instance(url: "http://169.254.169.254"))
    }

    @Test func `a profile that is named has to be there`() throws {
        let files = ["/c": "[default]\naws_access_key_id=a\naws_secret_access_key=b\n[other]\naws_access_key_id=c\n"]
        let fault = #expect(throws: CloudFault.self) {
            try AWSCredentialSource.find(
                place(["AWS_SHARED_CREDENTIALS_FILE": "/c", "AWS_PROFILE": "other"], files: files))
        }
        #expect(fault?.description.contains("profile other") == true)
    }

    @Test(arguments: [
        ("http://127.0.0.1:81/x", true), ("http://localhost/x", true), ("http://[::1]:80/x", true),
        ("http://169.254.170.23/v1/credentials", true), ("http://[fd00:ec2::23]/v1/credentials", true),
        ("https://example.com/x", true), ("http://example.com/x", false), ("http://127.0.0.1@example.com/x", false),
        ("http://127.0.0.1.example.com/x", false), ("ftp://localhost/x", false),
    ])
    func `plain http is spoken to this machine only`(url: String, isAllowed: Bool) {
        let found = try? AWSCredentialSource.find(place(["AWS_CONTAINER_CREDENTIALS_FULL_URI": url]))
        #expect((found == .container(url: url, token: nil)) == isAllowed)
    }
}
