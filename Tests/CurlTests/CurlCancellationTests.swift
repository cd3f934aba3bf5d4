import Curl
import Testing

@Suite(.timeLimit(.minutes(5))) struct CurlCancellationTests {
    @Test func `cancelling the task closes the connection at once`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/hang"), body: [1])
            let error = await withTaskGroup(of: CurlError?.self) { group in
                group.addTask {
                    do throws(CurlError) { _ = try await client.send(request) } catch { return error }
                    return nil
                }
                try? await server.wait { $0.requests == 1 }
                group.cancelAll()
                return await group.next() ?? nil
            }
            #expect(error?.kind == .cancelled)
            #expect(error?.requestWasSent == true)
            try await server.wait { $0.ended == 1 }
        }
    }

    @Test func `a task cancelled before it sends sends nothing`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/ok"))
            let error = await withTaskGroup(of: CurlError?.self) { group in
                group.cancelAll()
                group.addTask {
                    do throws(CurlError) { _ = try await client.send(request) } catch { return error }
                    return nil
                }
                return await group.next() ?? nil
            }
            #expect(error?.kind == .cancelled)
            #expect(error?.requestWasSent == false)
            #expect(try await client.send(request).status == 200)
            #expect(server.counts.requests == 1)
        }
    }

    /// Cancellations fall everywhere: before the start, between post and delivery, under way, after the end.
    @Test func `every request ends exactly once whenever it is cancelled`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/ok"), body: [1])
            var ends = 0
            for round in 0..<300 {
                ends += await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<4 { group.addTask { _ = try? await client.send(request) } }
                    for _ in 0..<(round % 40) { await Task.yield() }
                    group.cancelAll()
                    return await group.reduce(into: 0) { count, _ in count += 1 }
                }
            }
            #expect(ends == 1200)
            #expect(try await client.send(request).status == 200)
        }
    }
}
