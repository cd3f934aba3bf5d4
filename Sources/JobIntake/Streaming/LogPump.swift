import Hummingbird
import JobFlow
import NIOCore

/// Passes one job's log on to one client while it grows.
struct LogPump: Sendable {
    enum End: Sendable {
        /// The client has left, or the server stops.
        case closed
        case unreadable
        /// Another attempt began behind what the client has seen.
        case broken
        /// The job has ended. Whether its answer was complete.
        case over(isComplete: Bool)
    }

    let reader: LogReader
    var pace = ServerSentEvents.pace

    /// - Parameter hasBegun: some of the answer has gone to the client.
    @concurrent
    func run(
        _ cursor: inout LogCursor, hasBegun: Bool, _ writer: inout any ResponseBodyWriter
    ) async throws -> End {
        var hasBegun = hasBegun
        var written = ContinuousClock.now
        while true {
            let rest = max(.milliseconds(1), written + pace - .now)
            switch await reader.read(from: cursor.next, known: cursor.known, within: rest) {
            case .closed: return .closed
            case .failed: return .unreadable
            case .nothing: break
            case .page(let page):
                switch cursor.read(page, hasBegun: hasBegun) {
                case .nothing: break
                case .bytes(let bytes):
                    try await writer.write(ByteBuffer(bytes: bytes))
                    (hasBegun, written) = (true, .now)
                case .broken: return .broken
                case .over(let isComplete): return .over(isComplete: isComplete)
                }
            }
            if .now >= written + pace {
                try await writer.write(ServerSentEvents.ping)
                written = .now
            }
        }
    }
}
