import Curl
import Glibc
import Testing

@Suite(.timeLimit(.minutes(5))) struct CurlLoadTests {
    /// Both ends of every connection are in this process.
    private func allowDescriptors(_ count: UInt) throws {
        var limit = rlimit()
        let files = __rlimit_resource_t(7)  // RLIMIT_NOFILE, which is imported as another type
        unsafe getrlimit(files, &limit)
        if limit.rlim_cur < count { limit.rlim_cur = min(count, limit.rlim_max) }
        unsafe setrlimit(files, &limit)
        try #require(limit.rlim_cur >= count, "this test needs \(count) file descriptors (ulimit -Hn)")
    }

    @Test func `two thousand requests run at once`() async throws {
        try allowDescriptors(4800)
        let count = 2000
        try await withServer(gate: count) { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/gate"), body: [1], connectTimeout: .seconds(60))
            let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<count { group.addTask { try await client.send(request).status } }
                return try await group.reduce(into: 0) { sum, status in sum += status == 200 ? 1 : 0 }
            }
            #expect(answered == count)
            #expect(server.counts.requests == count)
        }
    }

    /// More than one multi handle carries; each finds its connections again.
    @Test func `a second burst of a thousand needs no new connection`() async throws {
        try allowDescriptors(2800)
        let count = 1000
        try await withServer(gate: count) { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/gate"), body: [1], connectTimeout: .seconds(60))
            for _ in 0..<2 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<count { group.addTask { _ = try await client.send(request) } }
                    try await group.waitForAll()
                }
            }
            #expect(server.counts == TestServer.Counts(accepted: count, requests: 2 * count, ended: 0))
        }
    }

    @Test func `thousands of requests in turn keep to their connections`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/ok"), body: ServerReply.bytes(1000))
            let answered = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask {
                        for _ in 0..<250 { _ = try await client.send(request) }
                        return 250
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(answered == 4000)
            #expect(server.counts.accepted <= 16)
        }
    }

    @Test func `past the limit of a host requests wait for a connection, and not for ever`() async throws {
        try await withServer { server in
            let client = try CurlClient(configuration: CurlConfiguration(maximumHostConnections: 2))
            let ok = CurlRequest(url: server.url("/ok"), connectTimeout: .seconds(60))
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<50 { group.addTask { try await client.send(ok).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 50))
            #expect(server.counts.accepted <= 2)

            let hang = CurlRequest(url: server.url("/hang"), connectTimeout: .milliseconds(200))
            let unsent = await withTaskGroup(of: CurlError?.self) { group in
                for _ in 0..<40 {
                    group.addTask {
                        do throws(CurlError) { _ = try await client.send(hang) } catch { return error }
                        return nil
                    }
                }
                var unsent = 0
                while unsent < 38, let error = await group.next() ?? nil {
                    if error.kind == .timedOut, !error.requestWasSent { unsent += 1 }
                }
                group.cancelAll()
                return unsent
            }
            #expect(unsent == 38)
        }
    }
}
