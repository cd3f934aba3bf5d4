import JobFlow
import Synchronization

/// The trace of a request that submits work, while that is answered. Which trace it is may follow from the job that it makes.
final class RequestTrace: Sendable {
    private struct State {
        /// Nil until it is known.
        var trace: TraceID?
        var job: JobID?
        var batch: BatchID?
        var problem: String?
    }

    private let client: TraceContext?
    private let id: SpanID
    private let ratio: Double
    private let start: Timestamp
    private let state: Mutex<State>

    init(below client: TraceContext?, ratio: Double, at start: Timestamp) {
        var random = SystemRandomNumberGenerator()
        self.client = client
        self.ratio = ratio
        self.start = start
        id = .random(using: &random)
        state = Mutex(State(trace: client?.trace))
    }

    /// Where the job that the request makes belongs. Without a client's trace it is the one that everybody would find for that
    /// job, sampled or not; nothing is stored of one that is not.
    func context(of job: JobID) -> TraceContext? {
        if let context { return context }
        let trace = TraceID(of: job)
        state.withLock { $0.trace = trace }
        return trace.isSampled(ratio) ? TraceContext(trace: trace, parent: id, isSampled: true) : nil
    }

    /// Where many jobs belong. Without a client's trace, each has its own: nobody can read one of a million jobs.
    var context: TraceContext? {
        guard var context = client else { return nil }
        context.parent = id
        return context
    }

    /// The job that answers the request.
    func found(_ job: JobID) { state.withLock { $0.job = job } }

    func found(_ batch: BatchID) { state.withLock { $0.batch = batch } }

    /// - Parameter code: of an `IntakeProblem`.
    func failed(_ code: String) { state.withLock { $0.problem = code } }

    /// Nil where it is not sampled.
    func span(_ request: AnsweredRequest, until now: Timestamp) -> TraceSpan? {
        let state = state.withLock { $0 }
        var random = SystemRandomNumberGenerator()
        let trace = state.trace ?? .random(using: &random)
        guard client != nil || trace.isSampled(ratio) else { return nil }
        var span = TraceSpan(
            "\(request.method) \(request.route)", .server, in: trace, id, parent: client?.parent, state: client?.state,
            from: start, to: now)
        span.add("http.request.method", request.method)
        span.add("http.route", request.route)
        span.add("http.response.status_code", request.status)
        span.add("url.path", request.path)
        span.add("url.scheme", "http")
        span.add("sluice.job.id", state.job?.description)
        span.add("sluice.batch.id", state.batch?.description)
        span.add("sluice.correlation_id", request.correlationID)
        // What a client did wrong is no fault of the server: so OpenTelemetry has it.
        if request.status >= 500 { span.fail(state.problem ?? String(request.status)) }
        return span
    }
}
