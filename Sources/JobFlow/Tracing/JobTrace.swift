/// Where a job is traced, and the names of its spans. Pure: every process that meets the job comes to the same, so that spans
/// made by several of them, in any order, fit together.
///
/// A job that is run again by hand ends twice, and its second span, which begins where the first did, has the first one's name.
package struct JobTrace: Sendable, Equatable {
    package let trace: TraceID
    /// The span of the whole job.
    package let span: SpanID
    /// The span below which the job is: the intake's, or the client's where the intake tells of none.
    package let parent: SpanID?
    package let isSampled: Bool
    package let state: String?
    private let job: JobID

    /// - Parameter ratio: the share of traced jobs among those whose client did not say, 0 to 1.
    package init(_ spec: JobSpec, ratio: Double) {
        job = spec.id
        trace = spec.trace?.trace ?? TraceID(of: spec.id)
        span = SpanID(of: spec.id, number: 0)
        parent = spec.trace?.parent
        isSampled = spec.trace?.isSampled ?? trace.isSampled(ratio)
        state = spec.trace?.state
    }

    /// From acceptance to the first claim.
    var wait: SpanID { SpanID(of: job, number: 1) }

    /// The same number may be called twice, where a worker died before it had written the first call down.
    package func attempt(_ number: Int) -> SpanID { SpanID(of: job, number: 1 + UInt64(number.magnitude)) }

    /// What the upstream is told. One that is not sampled is told so, lest it begins a trace of its own.
    package func context(attempt number: Int) -> TraceContext {
        TraceContext(trace: trace, parent: attempt(number), isSampled: isSampled, state: state)
    }
}
