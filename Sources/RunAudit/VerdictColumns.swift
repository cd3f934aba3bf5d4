import JobFlow

/// A verdict taken apart into the columns of its row, and put together again. Pure.
struct VerdictColumns: Sendable, Equatable {
    /// As the queue's scripts say it, too.
    enum Word: String, Sendable { case completed, retry, failed, expired, released, cancelled }

    var word: Word
    var delay: Int64?
    var answer: JobResult?
    var usage: TokenUsage?
    var error: JobError?

    init(
        word: Word, delay: Int64? = nil, answer: JobResult? = nil, usage: TokenUsage? = nil, error: JobError? = nil
    ) {
        self.word = word
        self.delay = delay
        self.answer = answer
        self.usage = usage
        self.error = error
    }

    init(_ verdict: Verdict) {
        switch verdict {
        case .completed(let answer, let usage): self.init(word: .completed, answer: answer, usage: usage)
        case .retry(let delay): self.init(word: .retry, delay: delay.wholeMilliseconds)
        case .failed(let error, let answer): self.init(word: .failed, answer: answer, error: error)
        case .expired: self.init(word: .expired)
        case .released(let delay): self.init(word: .released, delay: delay.wholeMilliseconds)
        case .cancelled: self.init(word: .cancelled)
        }
    }

    /// Nil when a part is missing.
    var verdict: Verdict? {
        switch word {
        case .completed: answer.map { .completed($0, usage) }
        case .retry: delay.map { .retry(after: .milliseconds($0)) }
        case .failed: error.map { .failed($0, answer: answer) }
        case .expired: .expired
        case .released: delay.map { .released(after: .milliseconds($0)) }
        case .cancelled: .cancelled
        }
    }
}
