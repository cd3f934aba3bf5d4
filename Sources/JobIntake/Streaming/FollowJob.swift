import HTTPTypes
import Hummingbird
import JobFlow
import NIOCore

/// `GET /v1/jobs/{id}/events`: the states of a job, and for a streamed one what came of it, until it has ended.
///
/// States are not logged: what is told is where the job is whenever it is looked at, which is when it is announced, and else
/// once a second. A state that lasted less may never be seen. The id of an event counts the entries of the log that were
/// told so far; from there a client can go on.
struct FollowJob: Sendable {
    let find: FindJob
    let log: any JobEvents
    let pause: Duration
    var pace = ServerSentEvents.pace

    func respond(to request: IntakeRequest) async throws(IntakeProblem) -> Response {
        let start = try Self.start(request)
        guard let record = try await find.record(try request.jobID(), request) else { throw .jobNotFound }
        let connection = await ConnectionWatch.of(request.channel)
        let reader = LogReader(id: record.spec.id, log: log, connection: connection, pause: pause)
        return ServerSentEvents.response { writer in
            try await tell(record, from: start, reader, request, &writer)
            try await writer.finish(nil)
        }
    }

    /// How many entries of the log the client has seen.
    private static func start(_ request: IntakeRequest) throws(IntakeProblem) -> Int {
        try request.place(header: request.headers[.lastEventID]) ?? 0
    }

    @concurrent
    private func tell(
        _ record: JobRecord, from start: Int, _ reader: LogReader, _ request: IntakeRequest,
        _ writer: inout any ResponseBodyWriter
    ) async throws {
        var (next, known, told) = (start, nil as JobStanding?, [UInt8]())
        var record: JobRecord? = record
        var written = ContinuousClock.now
        while true {
            // The last state comes behind everything that was logged.
            if let record, !record.state.isTerminal, try await Self.tell(record, next, &told, &writer) {
                written = .now
            }
            let rest = max(.milliseconds(1), written + pace - .now)
            switch await reader.read(from: next, known: known, within: rest) {
            case .closed, .failed: return
            case .nothing: record = try? await find.record(reader.id, request)
            case .page(let page):
                for event in page.events {
                    next = event.sequence + 1
                    guard let entry = Self.event(event) else { continue }
                    try await writer.write(entry)
                    written = .now
                }
                if page.standing != known { record = try? await find.record(reader.id, request) }
                known = page.standing
                guard page.events.isEmpty, page.standing.state.isTerminal else { break }
                if let record { _ = try await Self.tell(record, next, &told, &writer) }
                return
            }
            if .now >= written + pace {
                try await writer.write(ServerSentEvents.ping)
                written = .now
            }
        }
    }

    /// False if the client knows it already.
    @concurrent
    private static func tell(
        _ record: JobRecord, _ next: Int, _ told: inout [UInt8], _ writer: inout any ResponseBodyWriter
    ) async throws -> Bool {
        let job = JobObject.bytes(record)
        guard job != told else { return false }
        try await writer.write(ServerSentEvents.event(job, name: "job", id: next))
        told = job
        return true
    }

    /// Nil for an entry that clients need not know.
    private static func event(_ event: JobEvent) -> ByteBuffer? {
        let id = event.sequence + 1
        switch event.kind {
        case .end: return nil
        case .restart:
            let data = JSONWriter.object { $0.member("attempt", event.attempt) }
            return ServerSentEvents.event(data, name: "restart", id: id)
        case .piece(let bytes):
            let data = JSONWriter.object(capacity: bytes.count + 64) { json in
                json.member("attempt", event.attempt)
                json.member("data", String(decoding: bytes, as: UTF8.self))
            }
            return ServerSentEvents.event(data, name: "delta", id: id)
        }
    }
}
