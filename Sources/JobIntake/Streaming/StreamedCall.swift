import HTTPTypes
import Hummingbird
import JobFlow
import Logging
import NIOCore

/// Answers a call with what comes of its job, as the endpoint sends it. The head of the answer is sent with the first piece:
/// whatever goes wrong before that is an answer with a status of its own.
struct StreamedCall: Sendable {
    let find: FindJob
    let steer: SteerJob
    let withdraw: WithdrawJob
    let log: any JobEvents
    let pause: Duration
    /// How long a client waits for the first piece.
    let limit: Duration
    var pace = ServerSentEvents.pace
    let logger: Logger

    func respond(to spec: JobSpec, _ request: IntakeRequest) async -> Response {
        let connection = await ConnectionWatch.of(request.channel)
        return await begin(
            Stream(
                reader: LogReader(id: spec.id, log: log, connection: connection, pause: pause), spec: spec,
                asksForUsage: Self.asksForUsage(spec.body), request: request))
    }

    /// One client's reading of one job.
    struct Stream: Sendable {
        let reader: LogReader
        let spec: JobSpec
        let asksForUsage: Bool
        let request: IntakeRequest

        var id: JobID { spec.id }
        var headers: HTTPFields { [.jobID: reader.id.description] }
    }

    private static func asksForUsage(_ body: [UInt8]) -> Bool {
        (try? JSONObject(parsing: body))?["stream_options"]?.object?["include_usage"]?.bool == true
    }

    private func begin(_ stream: Stream) async -> Response {
        var cursor = LogCursor()
        let end = ContinuousClock.now + limit
        while .now < end {
            let look = min(withdraw.applies(to: stream.spec) ? WithdrawJob.pace : pace, end - .now)
            switch await stream.reader.read(from: cursor.next, known: cursor.known, within: look) {
            case .nothing: break
            case .closed:
                await left(stream)
                return Response(.serverStops, headers: stream.headers)
            case .failed(let error):
                logger.fault("a log could not be read", error, stream.request.id)
                return Self.refusal(.streamIncomplete, stream)
            case .page(let page):
                switch cursor.read(page, hasBegun: false) {
                case .nothing: break
                case .broken: return Self.refusal(.streamIncomplete, stream)
                case .over: return await whole(stream)
                case .bytes(let first):
                    let cursor = cursor
                    return ServerSentEvents.response(stream.headers) { writer in
                        try await follow(stream, first, cursor, &writer)
                    }
                }
            }
            if let closed = await withdrawn(stream, until: end) {
                return Response(.poolClosed(closed), headers: stream.headers)
            }
        }
        return Response(.waitOver, headers: stream.headers)
    }

    /// How long every endpoint is closed, if the job was ended for that.
    private func withdrawn(_ stream: Stream, until end: ContinuousClock.Instant) async -> Duration? {
        guard let closed = await withdraw.reason(stream.spec, until: end, stream.request),
            await withdraw.end(stream.spec, stream.request)
        else { return nil }
        return closed
    }

    @concurrent
    private func follow(
        _ stream: Stream, _ first: [UInt8], _ start: LogCursor, _ writer: inout any ResponseBodyWriter
    ) async throws {
        do {
            try await writer.write(ByteBuffer(bytes: first))
            var cursor = start
            let end = try await LogPump(reader: stream.reader, pace: pace).run(&cursor, hasBegun: true, &writer)
            if let error = await error(end, stream) {
                try await writer.write(ServerSentEvents.error(error, path: stream.spec.path))
            }
        } catch {
            await left(stream)
            throw error
        }
        try await writer.finish(nil)
    }

    /// What the client has to be told at the end; nil if it has seen all.
    private func error(_ end: LogPump.End, _ stream: Stream) async -> JobError? {
        switch end {
        case .over(isComplete: true): return nil
        case .over(isComplete: false):
            guard let record = try? await find.record(stream.id, stream.request) else { return .streamIncomplete }
            return record.state == .cancelled ? .cancelled : record.error ?? .streamIncomplete
        case .broken: return .streamRestarted
        case .unreadable: return .streamIncomplete
        case .closed:
            await left(stream)
            return .serverStops
        }
    }

    /// The job ended before anything had come of it.
    private func whole(_ stream: Stream) async -> Response {
        guard let record = try? await find.record(stream.id, stream.request) else {
            return Self.refusal(.streamIncomplete, stream)
        }
        if record.state == .completed, let result = record.result,
            let events = AnswerAsStream.bytes(result.body, path: stream.spec.path, asksForUsage: stream.asksForUsage)
        {
            return ServerSentEvents.response(stream.headers) { writer in
                try await writer.write(events)
                try await writer.finish(nil)
            }
        }
        return WaitedAnswer.response(record)
    }

    private static func refusal(_ error: JobError, _ stream: Stream) -> Response {
        Response(
            IntakeProblem(.badGateway, type: error.type, code: error.code, error.message), headers: stream.headers)
    }

    private func left(_ stream: Stream) async {
        await steer.clientLeft(stream.id, stream.reader.connection, stream.request)
    }
}

extension JobError {
    fileprivate static let cancelled = JobError(
        code: "cancelled", message: "the job was cancelled", type: "server_error")
}
