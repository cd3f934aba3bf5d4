import HTTPTypes
import Hummingbird
import JobFlow
import NIOCore

/// `stream: true` of a background response, and `GET …/responses/{id}?stream=true`: what has come of it, and what comes.
///
/// A client that has lost its stream comes back with the last number it has seen. When another attempt has begun behind what
/// a client has seen, its stream ends with an error, and the new answer is behind that number.
struct StreamResponse: Sendable {
    let find: FindJob
    let steer: SteerJob
    let log: any JobEvents
    let pause: Duration
    var pace = ServerSentEvents.pace

    /// - Parameter seen: the last number that the client has seen.
    func respond(to spec: JobSpec, after seen: Int?, _ request: IntakeRequest) async -> Response {
        let connection = await ConnectionWatch.of(request.channel)
        let reader = LogReader(id: spec.id, log: log, connection: connection, pause: pause)
        return ServerSentEvents.response([.jobID: spec.id.description]) { writer in
            do {
                try await tell(spec, after: seen, reader, request, &writer)
            } catch {
                await steer.clientLeft(spec.id, connection, request)
                throw error
            }
            try await writer.finish(nil)
        }
    }

    @concurrent
    private func tell(
        _ spec: JobSpec, after seen: Int?, _ reader: LogReader, _ request: IntakeRequest,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var events = ResponseEvents(spec, seen: seen)
        try await Self.write(events.begin(), to: &writer)
        var cursor = LogCursor(response: events)
        let end = try await LogPump(reader: reader, pace: pace).run(&cursor, hasBegun: false, &writer)
        switch end {
        case .over(isComplete: true): break
        case .over(isComplete: false):
            let record = try? await find.record(spec.id, request)
            let last = record.map { cursor.response?.end($0) } ?? cursor.response?.error(.streamIncomplete)
            try await Self.write(last ?? [], to: &writer)
        case .broken: try await Self.write(cursor.response?.error(.responseRestarted) ?? [], to: &writer)
        case .unreadable: try await Self.write(cursor.response?.error(.streamIncomplete) ?? [], to: &writer)
        case .closed:
            await steer.clientLeft(spec.id, reader.connection, request)
            try await Self.write(cursor.response?.error(.serverStops) ?? [], to: &writer)
        }
    }

    @concurrent
    private static func write(_ bytes: [UInt8], to writer: inout any ResponseBodyWriter) async throws {
        if !bytes.isEmpty { try await writer.write(ByteBuffer(bytes: bytes)) }
    }
}

extension JobError {
    fileprivate static let responseRestarted = JobError(
        code: "stream_restarted",
        message:
            "the answer broke off and is made anew; retrieve the response with stream true, starting after this number",
        type: "server_error")
}
