import JobFlow

/// What is counted while it runs.
struct Tally: Sendable {
    struct Calls: Sendable {
        var made = 0
        var answered = 0
        var throttled = 0
        var failed = 0
        var whileDark = 0
        var prompt = 0
        var completion = 0
    }

    private(set) var calls: [Calls]
    private(set) var retries = 0
    private(set) var completed = 0
    private(set) var expired = 0
    /// By the code of the error.
    private(set) var failed: [String: Int] = [:]
    private(set) var deadlinesMissed = 0
    /// Milliseconds from arrival to answer.
    private(set) var times: [Int32] = []
    private(set) var lastEnd: Int64 = 0

    init(endpoints: Int) { calls = Array(repeating: Calls(), count: endpoints) }

    mutating func began(at endpoint: Int, isDark: Bool, isRetry: Bool) {
        calls[endpoint].made += 1
        if isDark { calls[endpoint].whileDark += 1 }
        if isRetry { retries += 1 }
    }

    mutating func ended(_ report: CallReport, at endpoint: Int) {
        switch report.outcome {
        case .answered: calls[endpoint].answered += 1
        case .failed(let failure):
            if failure.reason == "throttled" { calls[endpoint].throttled += 1 } else { calls[endpoint].failed += 1 }
        }
        calls[endpoint].prompt += report.usage?.promptTokens ?? 0
        calls[endpoint].completion += report.usage?.completionTokens ?? 0
    }

    mutating func ended(_ job: RehearsedJob, _ verdict: Verdict, at now: Int64) {
        lastEnd = now
        var isAnswered = false
        switch verdict {
        case .completed:
            isAnswered = true
            completed += 1
            times.append(Int32(clamping: now - job.arrival))
        case .failed(let error, _): failed[error.code, default: 0] += 1
        case .expired: expired += 1
        case .retry, .released, .cancelled: break
        }
        if let deadline = job.deadline, !isAnswered || now > deadline { deadlinesMissed += 1 }
    }
}
