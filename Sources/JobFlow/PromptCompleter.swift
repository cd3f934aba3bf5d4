package import Cancellation

/// The seam to the endpoint pool: chooses an endpoint, calls it once, and says what came of it. Never throws: a failed
/// call is a value.
package protocol PromptCompleter: Sendable {
    /// How many calls could start now.
    func capacity() -> PoolCapacity

    /// Returns when more calls may be able to start than before for another reason than the end of a call, or when the task
    /// is cancelled. One waits at a time.
    func waitForRoom() async

    /// One call on one endpoint that is not in `tried`. Cancelling the task or `cancellation` closes it at once.
    func complete(
        _ prompt: Prompt, avoiding tried: Set<String>, cancellation: CallCancellation
    ) async -> CompletionOutcome
}

extension PromptCompleter {
    /// There is never news of that kind.
    package func waitForRoom() async { await Wakeup().sleep() }
}

/// What the pool needs to know of a job.
package struct Prompt: Sendable {
    private let spec: Shared<JobSpec>
    /// What the upstream is told of the trace that the call belongs to.
    package var trace: TraceContext?
    package var attempt: Int
    /// Whether an endpoint may take it that is paid by the token although another is paid already.
    package var spill = SpillChoice.atDeadline
    /// The region that is asked first.
    package var region: String?
    /// It repeats a call that counted: the fleet's retry budget is asked.
    package var isRetry = false
    /// Endpoints for which it was too long.
    package var tooLongFor: Set<String> = []
    /// Where what comes of it goes while it comes.
    package var output: (any AnswerSink)?

    package init(spec: JobSpec, attempt: Int) { self.init(Shared(spec), attempt: attempt) }

    package init(_ spec: Shared<JobSpec>, attempt: Int) {
        self.spec = spec
        self.attempt = attempt
        trace = spec.value.trace
    }

    package var job: JobID { spec.value.id }
    package var path: UpstreamPath { spec.value.path }
    package var model: String? { spec.value.model }
    package var body: [UInt8] { spec.value.body }
    package var correlationID: String { spec.value.correlationID }
    package var deadline: Timestamp? { spec.value.deadline }
    package var queue: String { spec.value.queue }
    /// The body asks for a stream.
    package var isStreamed: Bool { spec.value.isStreamed }
}

/// Takes an answer while it comes.
package protocol AnswerSink: Sendable {
    /// Whole events of the stream, in order. Never waits.
    func take(_ events: [UInt8], attempt: Int)
}

package enum CompletionOutcome: Sendable {
    case called(CallReport)
    /// No endpoint can take this job now; one may after so long.
    case unavailable(retryAfter: Duration)
    /// Every endpoint that serves the model was tried in this round already.
    case exhausted
    /// No endpoint of the pool serves this model.
    case unserved
    /// No endpoint that can be called is known to answer fast enough for the deadline.
    case tooLate
}
