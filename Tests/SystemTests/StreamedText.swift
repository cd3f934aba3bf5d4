import Curl
import Foundation
import JobFlow
import Synchronization

/// What came of a streamed chat, and when.
struct StreamedText: Sendable {
    var response: CurlResponse
    var pieces: [(at: ContinuousClock.Instant, text: String)]

    var text: String { pieces.map(\.text).joined() }
    var content: String { Self.content(text) }

    /// The contents of the chunks, put together.
    static func content(_ text: String) -> String {
        text.split(separator: "\n\n").compactMap { event in
            let chunk = try? JSONObject(parsing: Array(event.dropFirst("data: ".count).utf8))
            return chunk?["choices"]?.array?.first?.object?["delta"]?.object?["content"]?.string
        }.joined()
    }
}

/// One event of `GET /v1/jobs/{id}/events`.
struct JobStreamEvent: Sendable {
    var name = ""
    var data = ""

    var json: JSONObject? { try? JSONObject(parsing: Array(data.utf8)) }
}

/// The job of a stream, as soon as it is known.
final class BegunJob: Sendable {
    private let state = Mutex<String?>(nil)

    var id: String? {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

extension [JobStreamEvent] {
    /// What came since the last restart.
    var whole: String {
        let start = lastIndex { $0.name == "restart" }.map { $0 + 1 } ?? 0
        return self[start...].filter { $0.name == "delta" }.compactMap { $0.json?["data"]?.string }.joined()
    }
}

extension Stack {
    /// - Parameter onFirst: is told the job, with the first piece.
    func stream(
        _ body: String, at url: String? = nil, cancelsOnDisconnect: String = "false",
        onFirst: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> StreamedText {
        let request = CurlRequest(
            url: url ?? intake + "/v1/chat/completions",
            headers: [
                ("content-type", "application/json"), ("api-key", "simulator"),
                ("x-sluice-cancel-on-disconnect", cancelsOnDisconnect),
            ],
            body: Array(body.utf8), timeout: .seconds(60))
        let pieces = CurlPieces()
        async let taken = {
            var taken: [(at: ContinuousClock.Instant, text: String)] = []
            for await piece in pieces {
                if taken.isEmpty { onFirst(pieces.head?.headers["x-sluice-job-id"] ?? "") }
                taken.append((.now, String(decoding: piece, as: UTF8.self)))
            }
            return taken
        }()
        let response = try await curl.receive(request, into: pieces)
        return StreamedText(response: response, pieces: await taken)
    }

    /// All events of a job, until it has ended.
    func events(_ id: String, at intake: String? = nil) async throws -> [JobStreamEvent] {
        let response = try await get((intake ?? self.intake) + "/v1/jobs/\(id)/events")
        return String(decoding: response.body, as: UTF8.self).split(separator: "\n\n").map { block in
            var event = JobStreamEvent()
            for line in block.split(separator: "\n") {
                if line.hasPrefix("event: ") { event.name = String(line.dropFirst(7)) }
                if line.hasPrefix("data: ") { event.data += line.dropFirst(6) }
            }
            return event
        }
    }
}
