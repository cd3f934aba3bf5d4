import Foundation
import HTTPTypes
import NIOCore
import PoolSimulator
import Testing

@Suite struct AnswersOverHTTPTests {
    @Test func `a chat completion looks like Azure's`() async throws {
        try await withSimulator { client async throws in
            let reply = try await client.send(
                .post, "/one/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21",
                body: SimulatorClient.prompt, headers: [HTTPField.Name("x-ms-client-request-id")!: "mine"])
            #expect(reply.status == 200)
            let answer = try reply.object()
            #expect(answer["object"] as? String == "chat.completion")
            #expect((answer["id"] as? String)?.hasPrefix("chatcmpl-") == true)
            #expect(answer["model"] as? String == "gpt-4o")
            let choice = try #require((answer["choices"] as? [[String: Any]])?.first)
            #expect(choice["finish_reason"] as? String == "stop")
            let content = try #require((choice["message"] as? [String: Any])?["content"] as? String)
            #expect(content.hasPrefix("To your request (Why is the sky blue? ...): "))
            #expect(content.utf8.count == 80)
            let usage = try #require(answer["usage"] as? [String: Any])
            #expect(usage["prompt_tokens"] as? Int == 5)
            #expect(usage["completion_tokens"] as? Int == 20)
            #expect((usage["prompt_tokens_details"] as? [String: Int])?["cached_tokens"] == 0)
            #expect((answer["prompt_filter_results"] as? [Any])?.count == 1)

            #expect(reply.header("x-ms-region") == "eastus")
            #expect(reply.header("x-ms-deployment-name") == "gpt-4o")
            #expect(reply.header("x-ms-client-request-id") == "mine")
            #expect(UUID(uuidString: reply.header("apim-request-id") ?? "") != nil)
            #expect(UUID(uuidString: reply.header("x-request-id") ?? "") != nil)
            #expect(Int(reply.header("x-ratelimit-remaining-tokens") ?? "") != nil)
            #expect(Int(reply.header("x-ratelimit-remaining-requests") ?? "") != nil)
        }
    }

    @Test func `the same prompt gets the same text, with identifiers of its own`() async throws {
        try await withSimulator { client async throws in
            let first = try await client.chat().object()
            let second = try await client.chat().object()
            #expect(try text(first) == text(second))
            #expect(first["id"] as? String != second["id"] as? String)
            let other = SimulatorClient.prompt.replacing("blue", with: "red")
            #expect(try await text(client.chat(body: other).object()) != text(first))
        }
    }

    private func text(_ answer: [String: Any]) throws -> String {
        let choice = try #require((answer["choices"] as? [[String: Any]])?.first)
        return try #require((choice["message"] as? [String: Any])?["content"] as? String)
    }

    @Test func `responses, completions and embeddings have their own shapes`() async throws {
        try await withSimulator { client async throws in
            let response = try await client.send(
                .post, "/one/openai/responses?api-version=preview", body: "{\"model\":\"gpt-4o\",\"input\":\"hi\"}")
            let object = try response.object()
            #expect(object["status"] as? String == "completed")
            #expect((object["usage"] as? [String: Any])?["output_tokens"] as? Int == 60)
            #expect((object["output"] as? [[String: Any]])?.first?["type"] as? String == "message")

            let completion = try await client.send(
                .post, "/one/v1/completions", body: "{\"model\":\"gpt-4o\",\"prompt\":\"hi\"}")
            #expect(try completion.object()["object"] as? String == "text_completion")

            let vectors = try await client.send(
                .post, "/one/v1/embeddings",
                body: "{\"model\":\"text-embedding-3-small\",\"input\":[\"a\",\"b\"],\"dimensions\":8}")
            let data = try #require(try vectors.object()["data"] as? [[String: Any]])
            #expect(data.map { ($0["embedding"] as? [Double])?.count } == [8, 8])
        }
    }

    @Test(arguments: [1, 2, 3, 8])
    func `base64 vectors hold the same numbers`(dimensions: Int) async throws {
        try await withSimulator { client async throws in
            func embedding(_ format: String) async throws -> Any? {
                let body = """
                    {"model":"text-embedding-3-small","input":"a","dimensions":\(dimensions),"encoding_format":"\(format)"}
                    """
                let answer = try await client.send(.post, "/one/v1/embeddings", body: body).object()
                return (answer["data"] as? [[String: Any]])?.first?["embedding"]
            }
            let numbers = try #require(try await embedding("float") as? [Double])
            let text = try #require(try await embedding("base64") as? String)
            var buffer = ByteBuffer(bytes: try #require(Data(base64Encoded: text)))
            var decoded: [Float] = []
            while let bits = buffer.readInteger(endianness: .little, as: UInt32.self) {
                decoded.append(Float(bitPattern: bits))
            }
            #expect(decoded == numbers.map { Float($0) })
            #expect(buffer.readableBytes == 0)
        }
    }

    @Test(arguments: [0, 1, 10, 100_000])
    func `answer_bytes is the exact length of the text`(bytes: Int) async throws {
        try await withSimulator { client async throws in
            _ = try await client.change("one", "{\"answer_bytes\":\(bytes)}")
            #expect(try await text(client.chat().object()).utf8.count == bytes)
        }
    }

    @Test func `a streamed chat ends with its usage and with DONE`() async throws {
        try await withSimulator { client async throws in
            let body = """
                {"model":"gpt-4o","messages":[{"content":"Grüße, wie geht es?"}],"stream":true,
                "stream_options":{"include_usage":true}}
                """
            let reply = try await client.chat(body: body)
            #expect(reply.headers[.contentType] == "text/event-stream; charset=utf-8")
            let events = try events(reply)
            let texts = events.compactMap {
                (($0["choices"] as? [[String: Any]])?.first?["delta"] as? [String: Any])?["content"] as? String
            }
            #expect(texts.joined().hasPrefix("To your request (Grüße, wie geht es? ...): "))
            #expect(texts.joined().utf8.count == 240)
            #expect((events.last?["usage"] as? [String: Any])?["completion_tokens"] as? Int == 60)
            #expect(reply.text.hasSuffix("data: [DONE]\n\n"))
        }
    }

    @Test func `a streamed response numbers its events and completes`() async throws {
        try await withSimulator { client async throws in
            let reply = try await client.send(
                .post, "/one/v1/responses", body: "{\"model\":\"gpt-4o\",\"input\":\"hi\",\"stream\":true}")
            let events = try events(reply)
            #expect(events.compactMap { $0["sequence_number"] as? Int } == Array(0..<events.count))
            #expect(events.first?["type"] as? String == "response.created")
            #expect(events.last?["type"] as? String == "response.completed")
            let deltas = events.filter { $0["type"] as? String == "response.output_text.delta" }
            let done = events.first { $0["type"] as? String == "response.output_text.done" }
            #expect(deltas.compactMap { $0["delta"] as? String }.joined() == done?["text"] as? String)
        }
    }

    private func events(_ reply: Reply) throws -> [[String: Any]] {
        try reply.text.split(separator: "\n").compactMap { line in
            guard line.hasPrefix("data: {") else { return nil }
            return try JSONSerialization.jsonObject(with: Data(line.dropFirst(6).utf8)) as? [String: Any]
        }
    }

    @Test func `a list of models is served`() async throws {
        try await withSimulator { client async throws in
            let list = try await client.send(.get, "/one/openai/v1/models").object()
            let names = (list["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
            #expect(names == SimulatedEndpoint.usualDeployments)
        }
    }
}
