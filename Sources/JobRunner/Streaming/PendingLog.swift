import JobFlow

/// What waits to be written to the log of one job. Pure.
struct PendingLog: Sendable {
    enum Step: Sendable, Equatable {
        case rest
        case write(JobEventAddition)
        case done
    }

    /// A log that is so far behind is given up; the answer is kept all the same.
    private static let most = 8 << 20
    /// In one entry.
    private static let largest = 256 << 10

    private var attempt = 0
    private var offset = 0
    private var waiting: [UInt8] = []
    private(set) var isEnding = false
    private var whole: Int?
    private var isGivenUp = false

    /// Of a new attempt, what is left of the one before is of no use.
    mutating func take(_ bytes: [UInt8], attempt: Int) {
        if attempt != self.attempt {
            self.attempt = attempt
            offset = 0
            waiting = []
        }
        if waiting.count + bytes.count > Self.most { giveUp() }
        if !isGivenUp { waiting += bytes }
    }

    mutating func end(whole: Int?) {
        isEnding = true
        // An answer that came in one piece has no log.
        self.whole = whole == attempt && !isGivenUp ? whole : nil
    }

    mutating func giveUp() {
        isGivenUp = true
        waiting = []
        whole = nil
    }

    var next: Step {
        let part = Array(waiting.prefix(Self.largest))
        let isEnd = isEnding && whole != nil && part.count == waiting.count
        if !part.isEmpty || isEnd {
            return .write(JobEventAddition(attempt: attempt, offset: offset, bytes: part, isEnd: isEnd))
        }
        return isEnding ? .done : .rest
    }

    mutating func written(_ addition: JobEventAddition) {
        guard addition.attempt == attempt else { return }
        offset += addition.bytes.count
        waiting.removeFirst(min(waiting.count, addition.bytes.count))
        if addition.isEnd { whole = nil }
    }
}
