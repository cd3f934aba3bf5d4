package import JobFlow

/// Makes the intake's spans: of requests that submit work, and of jobs that end while nobody runs them.
package struct IntakeTracer: Sendable {
    /// Of the requests whose client did not say, 0 to 1.
    private let ratio: Double
    private let sink: any SpanSink
    private let now: WallClock

    package init(ratio: Double, sink: any SpanSink, now: @escaping WallClock) {
        self.ratio = ratio
        self.sink = sink
        self.now = now
    }

    /// - Parameter client: what the request says of the trace that it belongs to.
    /// - Returns: nil where that trace is not recorded: the client has decided.
    func begin(_ client: TraceContext?) -> RequestTrace? {
        guard client?.isSampled != false else { return nil }
        return RequestTrace(below: client, ratio: ratio, at: now())
    }

    func end(_ trace: RequestTrace, _ request: AnsweredRequest) {
        if let span = trace.span(request, until: now()) { sink.take([span]) }
    }

    /// Tells of a job that was cancelled while it waited. Of one that ran, its worker tells.
    func cancelled(_ record: JobRecord) {
        let trace = JobTrace(record.spec, ratio: ratio)
        guard trace.isSampled else { return }
        sink.take([
            TraceSpan(
                endOf: record.spec, trace, .cancelled, .cancelled, attempts: record.attempts,
                at: record.finishedAt ?? now())
        ])
    }
}

/// What a span says of a request.
struct AnsweredRequest: Sendable {
    var method: String
    /// The template, as in docs/openapi.yaml.
    var route: String
    var path: String
    var correlationID: String
    var status: Int
}
