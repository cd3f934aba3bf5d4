import JobFlow

/// Where a reader of one job's log is. Pure.
struct LogCursor: Sendable {
    enum News: Sendable, Equatable {
        case nothing
        case bytes([UInt8])
        /// What was read is of no use: another attempt began, or the log has lost something.
        case broken
        /// The job has ended, and nothing more comes. Whether the answer was complete.
        case over(isComplete: Bool)
    }

    /// The next entry.
    private(set) var next = 0
    private(set) var known: JobStanding?
    /// How the client of a background response is shown what came; nil: as it came.
    var response: ResponseEvents?
    private var isComplete = false
    /// Whose answer it is that was read.
    private var attempt: Int?

    init(response: ResponseEvents? = nil) { self.response = response }

    /// - Parameter hasBegun: some of it has gone to the client: no second answer may follow.
    mutating func read(_ page: JobEventPage, hasBegun: Bool) -> News {
        known = page.standing
        var bytes: [UInt8] = []
        for event in page.events {
            guard event.sequence == next else { return .broken }
            next += 1
            if attempt ?? event.attempt != event.attempt {
                // Also without a mark: a log that was kept no longer begins anew. Whoever has the whole of the first answer
                // needs no second one.
                guard !hasBegun else { return isComplete ? .over(isComplete: true) : .broken }
                bytes = []
                isComplete = false
            }
            attempt = event.attempt
            switch event.kind {
            case .piece(let piece): bytes += response?.show(piece) ?? piece
            case .end: isComplete = true
            case .restart: break
            }
        }
        if !bytes.isEmpty { return .bytes(bytes) }
        return page.events.isEmpty && page.standing.state.isTerminal ? .over(isComplete: isComplete) : .nothing
    }
}
