import HTTPTypes
import Hummingbird
import JobFlow
import NIOCore

/// How server-sent events look.
enum ServerSentEvents {
    /// So often something is written, that nobody on the way takes the connection for dead.
    static let pace = Duration.seconds(15)

    static let ping = ByteBuffer(string: ": ping\n\n")

    static func response(
        _ headers: HTTPFields = [:],
        _ body: @escaping @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void
    ) -> Response {
        var headers = headers
        headers[.contentType] = "text/event-stream; charset=utf-8"
        headers[.cacheControl] = "no-cache"
        // For nginx, which would collect them.
        headers[.accelBuffering] = "no"
        return Response(status: .ok, headers: headers, body: ResponseBody(body))
    }

    /// One event; each line of the data is a line of the event.
    static func event(_ data: [UInt8], name: String? = nil, id: Int? = nil) -> ByteBuffer {
        var buffer = ByteBuffer()
        if let name { buffer.writeString("event: \(name)\n") }
        if let id { buffer.writeString("id: \(id)\n") }
        let isLineEnd: (UInt8) -> Bool = { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
        for line in data.split(omittingEmptySubsequences: true, whereSeparator: isLineEnd) {
            buffer.writeString("data: ")
            buffer.writeBytes(line)
            buffer.writeString("\n")
        }
        buffer.writeString("\n")
        return buffer
    }

    /// The last event of a stream that broke, as clients of that path know it.
    static func error(_ error: JobError, path: UpstreamPath) -> ByteBuffer {
        guard path == .responses else {
            return event(
                JSONWriter.object { json in json.member("error", object: { write(error, to: &$0) }) })
        }
        let data = JSONWriter.object { json in
            json.member("type", "error")
            json.member("code", error.code)
            json.member("message", error.message)
            json.member("param", nil as String?)
            json.member("sequence_number", 0)
        }
        return event(data, name: "error")
    }

    private static func write(_ error: JobError, to json: inout JSONWriter) {
        json.member("message", error.message)
        json.member("type", error.type)
        json.member("param", nil as String?)
        json.member("code", error.code)
    }
}

extension JobError {
    static let streamRestarted = JobError(
        code: "stream_restarted",
        message: "the answer broke off and is made anew; GET /v1/jobs/{id}/events shows it from its beginning",
        type: "server_error")

    static let streamIncomplete = JobError(
        code: "stream_incomplete", message: "not all of the stream is known any more; GET /v1/jobs/{id} has the answer",
        type: "server_error")

    static let serverStops = JobError(
        code: "server_stops",
        message: "this server stops, the job goes on; GET /v1/jobs/{id}/events shows its answer", type: "server_error")
}
