import Curl
import Glibc
import Synchronization
import Testing

/// Who is asked before a connection is opened.
@Suite(.timeLimit(.minutes(5))) struct CurlDoorTests {
    private static let loopback = CurlAddress(high: 0, low: 0xffff_7f00_0001)

    @Test func `a refused address is not connected to, and the error says so`() async throws {
        try await withServer { server in
            let asked = Mutex<[CurlAddress]>([])
            let client = try CurlClient(
                configuration: CurlConfiguration(mayConnect: { address in
                    asked.withLock { $0.append(address) }
                    return false
                }))
            let error = try await #require(throws: CurlError.self) {
                _ = try await client.send(CurlRequest(url: server.url("/ok"), body: [1]))
            }
            #expect(error.kind == .addressRefused)
            #expect(!error.requestWasSent)
            #expect(asked.withLock { $0 } == [Self.loopback])
            #expect(server.counts.accepted == 0)
        }
    }

    @Test(arguments: ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
    func `it is asked with the address that is really meant, however the URL spells it`(host: String) async throws {
        let asked = Mutex<[CurlAddress]>([])
        let client = try CurlClient(
            configuration: CurlConfiguration(mayConnect: { address in
                asked.withLock { $0.append(address) }
                return false
            }))
        let error = try await #require(throws: CurlError.self) {
            _ = try await client.send(CurlRequest(url: "http://\(host):9/", body: [1]))
        }
        #expect(error.kind == .addressRefused, "\(error)")
        let loopbacks = [Self.loopback, CurlAddress(high: 0, low: 1)]
        #expect(asked.withLock { !$0.isEmpty && $0.allSatisfy(loopbacks.contains) })
    }

    @Test func `a permitted address is connected to once, and its connection kept`() async throws {
        try await withServer { server in
            let asked = Atomic(0)
            let client = try CurlClient(
                configuration: CurlConfiguration(mayConnect: { address in
                    asked.add(1, ordering: .relaxed)
                    return address == Self.loopback
                }))
            for _ in 1...3 {
                #expect(try await client.send(CurlRequest(url: server.url("/ok"), body: [1])).status == 200)
            }
            #expect(asked.load(ordering: .relaxed) == 1)
            #expect(server.counts.accepted == 1)
        }
    }

    @Test func `the proxy of the environment is not used`() async throws {
        // Set for the whole process, and looked at by libcurl with every request if it were not told otherwise.
        unsafe setenv("http_proxy", "http://127.0.0.1:9", 1)
        defer { unsafe unsetenv("http_proxy") }
        try await withServer { server in
            let client = try CurlClient()
            #expect(try await client.send(CurlRequest(url: server.url("/ok"))).status == 200)
        }
    }
}
