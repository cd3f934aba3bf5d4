import JobFlow
import TestKit
import Testing

@Suite struct `Where a client wants to be told` {
    @Test(arguments: [
        ("https://example.com/hooks?key=1", "example.com"), ("http://Example.COM:8080", "example.com:8080"),
        ("HTTPS://a-b.example/x", "a-b.example"), ("http://127.0.0.1:9/", "127.0.0.1:9"),
        ("https://[::1]:9/x", "[::1]:9"),
        ("https://h?q", "h"),
    ])
    func `a URL is kept as it was written, and has a host`(text: String, host: String) throws {
        let url = try #require(WebhookURL(text))
        #expect(url.description == text)
        #expect(url.host == host)
    }

    @Test(arguments: [
        "", "example.com", "ftp://example.com/", "http://", "http:///x", "http://?x", "http://user@example.com/",
        "http://user:pw@example.com/", "http://:80/", "http://h:0/", "http://h:65536/", "http://h:x/", "http://h:/",
        "http://h/#part", "http://h\\@evil/", "http://h /", "http://h/\u{e9}", "http://[::1/", "http://[h]/",
        "http://[::1]x/", "//h/", "http://h%2f/", "javascript:alert(1)",
        "http://h/" + String(repeating: "x", count: 2048),
    ])
    func `anything else is refused`(text: String) { #expect(WebhookURL(text) == nil) }

    @Test func `a URL that names an address tells it`() throws {
        #expect(try #require(WebhookURL("http://10.0.0.1:80/")).address == NetworkAddress("10.0.0.1"))
        #expect(try #require(WebhookURL("http://[fd00::1]/")).address == NetworkAddress("fd00::1"))
        #expect(try #require(WebhookURL("http://example.com/")).address == nil)
    }

    @Test(arguments: [JobState.completed, .failed, .cancelled, .expired])
    func `the name of an end is read back, and that of another end is another`(state: JobState) throws {
        let id = WebhookID(job: Samples.id(3, partition: 2), epoch: 7, state: state)
        #expect(WebhookID(id.description) == id)
        #expect(id.description.hasPrefix("evt_2_"))
        #expect(id.description.hasSuffix("_7_\(state.rawValue)"))
    }

    @Test(arguments: [
        "", "evt_", "evt_0_x_1_completed", "job_0_", "evt_0_{}_01_completed", "evt_0_{}_1_queued", "evt_0_{}_-1_failed",
        "evt_0_{}_1_failed_",
    ])
    func `what is no such name is none`(text: String) {
        #expect(WebhookID(text.replacing("{}", with: Samples.id(1).ulid)) == nil)
    }
}
