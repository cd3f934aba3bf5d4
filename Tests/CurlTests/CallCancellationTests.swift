import Cancellation
import Curl
import Synchronization
import Testing

/// What a cancelled task does, without a task of one's own.
@Suite(.timeLimit(.minutes(5))) struct CallCancellationTests {
    private func error(
        _ client: CurlClient, _ request: CurlRequest, _ cancellation: CallCancellation
    ) async -> CurlError? {
        do throws(CurlError) { _ = try await client.send(request, cancellation: cancellation) } catch { return error }
        return nil
    }

    @Test func `it closes the connection at once`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let cancellation = CallCancellation()
            async let failure = error(client, CurlRequest(url: server.url("/hang"), body: [1]), cancellation)
            try await server.wait { $0.requests == 1 }
            cancellation.cancel()
            let error = await failure
            #expect(error?.kind == .cancelled)
            #expect(error?.requestWasSent == true)
            try await server.wait { $0.ended == 1 }
        }
    }

    @Test func `cancelled before the request it sends nothing`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let cancellation = CallCancellation()
            for _ in 0..<2 { cancellation.cancel() }
            let error = await error(client, CurlRequest(url: server.url("/ok")), cancellation)
            #expect(error?.kind == .cancelled)
            #expect(error?.requestWasSent == false)
            _ = try await client.send(CurlRequest(url: server.url("/ok")))
            #expect(server.counts.requests == 1)
        }
    }

    @Test func `after the request it does nothing, and before that it serves one request after another`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let cancellation = CallCancellation()
            let request = CurlRequest(url: server.url("/ok"))
            for _ in 0..<2 { #expect(try await client.send(request, cancellation: cancellation).status == 200) }
            cancellation.cancel()
            #expect(try await client.send(request).status == 200)
            #expect(server.counts.accepted == 1)
        }
    }

    /// Cancellations fall everywhere: before the start, between post and delivery, under way, after the end.
    @Test func `every request ends exactly once whenever it is cancelled`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let request = CurlRequest(url: server.url("/ok"), body: [1])
            for round in 0..<300 {
                let cancellation = CallCancellation()
                async let ended = error(client, request, cancellation)
                for _ in 0..<(round % 40) { await Task.yield() }
                cancellation.cancel()
                let kind = await ended?.kind
                #expect(kind == nil || kind == .cancelled)
            }
            #expect(try await client.send(request).status == 200)
        }
    }

    @Test func `what watches is told once, and not when it has left`() {
        let told = Atomic(0)
        let tell: @Sendable () -> Void = { _ = told.add(1, ordering: .relaxed) }
        let left = CallCancellation()
        left.watch(tell)
        left.unwatch()
        left.cancel()
        #expect(told.load(ordering: .relaxed) == 0)

        let watched = CallCancellation()
        watched.watch(tell)
        for _ in 0..<2 { watched.cancel() }
        watched.watch(tell)
        watched.unwatch()
        #expect(told.load(ordering: .relaxed) == 1)
        #expect(watched.isCancelled)
    }
}
