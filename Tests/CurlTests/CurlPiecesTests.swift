import Cancellation
import Curl
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct CurlPiecesTests {
    /// Takes an answer piece by piece; `pause` is how long each piece is worked on.
    private func receive(
        _ client: CurlClient, _ request: CurlRequest, window: Int = 256 << 10, pause: Duration = .zero,
        cancellation: CallCancellation? = nil, seen: @escaping @Sendable ([UInt8]) -> Void = { _ in }
    ) async -> (result: Result<CurlResponse, CurlError>, pieces: [[UInt8]], head: CurlResponse?) {
        let pieces = CurlPieces(window: window)
        async let taken = {
            var taken: [[UInt8]] = []
            for await piece in pieces {
                taken.append(piece)
                seen(piece)
                if pause > .zero { try? await Task.sleep(for: pause) }
            }
            return taken
        }()
        let result: Result<CurlResponse, CurlError>
        do throws(CurlError) {
            result = .success(try await client.receive(request, cancellation: cancellation, into: pieces))
        } catch { result = .failure(error) }
        return (result, await taken, pieces.head)
    }

    @Test func `an answer comes piece by piece, with its head before the end`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            for _ in 1...2 {
                let (result, pieces, head) = await receive(client, CurlRequest(url: server.url("/slow"), body: [1]))
                #expect(try result.get().status == 200)
                #expect(try result.get().body.isEmpty)
                #expect(pieces.flatMap(\.self) == ServerReply.bytes(20))
                #expect(head?.headers["content-length"] == "20")
            }
            #expect(server.counts.accepted == 1)
            #expect(try await client.send(CurlRequest(url: server.url("/ok"))).body == Array("fine".utf8))
        }
    }

    @Test func `who is slow keeps the server waiting, and loses nothing`() async throws {
        try await withServer { server in
            let client = try CurlClient()
            let most = Mutex(0)
            let (result, pieces, _) = await receive(
                client, CurlRequest(url: server.url("/mebibyte")), window: 10_000, pause: .milliseconds(2)
            ) { piece in most.withLock { $0 = max($0, piece.count) } }
            #expect(try result.get().status == 200)
            #expect(pieces.flatMap(\.self) == ServerReply.bytes(1 << 20))
            // One read of libcurl may come on top of a window that was almost full.
            #expect(most.withLock { $0 } < 10_000 + (64 << 10))
        }
    }

    @Test func `an answer without a body has no piece`() async throws {
        try await withServer { server in
            let (result, pieces, head) = await receive(try CurlClient(), CurlRequest(url: server.url("/limited")))
            #expect(try result.get().status == 429)
            #expect(try result.get().headers["retry-after-ms"] == "1200")
            #expect(pieces.isEmpty && head == nil)
        }
    }

    @Test func `one that breaks off is an error after its pieces`() async throws {
        try await withServer { server in
            let (result, pieces, _) = await receive(try CurlClient(), CurlRequest(url: server.url("/half"), body: [1]))
            #expect(throws: CurlError.self) { try result.get() }
            #expect(pieces.flatMap(\.self) == Array("half".utf8))
        }
    }

    @Test func `one that is too large in sum is ended`() async throws {
        try await withServer { server in
            var request = CurlRequest(url: server.url("/endless"))
            request.maximumResponseBytes = 100_000
            let (result, _, _) = await receive(try CurlClient(), request)
            #expect { try result.get() } throws: { ($0 as? CurlError)?.kind == .tooLarge }
        }
    }

    @Test func `cancelling closes the connection in the middle`() async throws {
        try await withServer { server in
            let cancellation = CallCancellation()
            let (result, pieces, _) = await receive(
                try CurlClient(), CurlRequest(url: server.url("/stuck"), body: [1]), cancellation: cancellation
            ) { _ in cancellation.cancel() }
            #expect { try result.get() } throws: { ($0 as? CurlError)?.kind == .cancelled }
            #expect(pieces.flatMap(\.self) == Array("half".utf8))
            try await server.wait { $0.ended == 1 }
        }
    }

    @Test func `a held answer can be cancelled`() async throws {
        try await withServer { server in
            let cancellation = CallCancellation()
            let (result, _, _) = await receive(
                try CurlClient(), CurlRequest(url: server.url("/mebibyte")), window: 1, pause: .milliseconds(5),
                cancellation: cancellation
            ) { _ in cancellation.cancel() }
            #expect { try result.get() } throws: { ($0 as? CurlError)?.kind == .cancelled }
        }
    }
}
