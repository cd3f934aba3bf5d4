import Settings
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:8080", "127.0.0.1", 8080), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65_535),
        ("[::]:80", "::", 80), ("my-host.example:1", "my-host.example", 1),
    ])
    func `host and port are read and written back`(text: String, host: String, port: Int) {
        #expect(ListenAddress(text) == ListenAddress(host: host, port: port))
        #expect(ListenAddress(text)?.description == text)
    }

    @Test(arguments: [
        "", ":", ":80", "h", "h:", "h:-1", "h:65536", "h:8o", "::1:80", "[]:80", "[x]:80", "a b:80", "h:000080",
    ])
    func `anything else is refused`(text: String) {
        #expect(ListenAddress(text) == nil)
    }
}
