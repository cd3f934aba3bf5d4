import HTTPTypes
import JobFlow

extension JobRequest {
    /// A call of an OpenAI client as a job.
    init(
        _ call: ModelCall, _ request: IntakeRequest, _ configuration: IntakeConfiguration, now: Timestamp
    ) throws(IntakeProblem) {
        caller = request.caller.name
        path = call.path
        queue = try Self.queue(call.background, request.headers[.queue], configuration.queues)
        model = call.model
        body = call.body
        isStreamed = call.isStreamed
        deadline = (call.background?.window?.deadline ?? queue.deadline).map { now + $0 }
        maxAttempts = queue.maxAttempts
        let terms = configuration.cache.isOn && !isStreamed ? CacheField.Terms(configuration.cache, queue) : nil
        reuse = Self.reuse(terms, path, model: call.model, body: call.body, caller)
        metadata = call.background == nil ? nil : try MetadataField.read(call.object["metadata"])
        echo = call.background?.echo
        // Only they have an end that nobody waits for.
        webhook = call.background == nil ? nil : configuration.webhooks?.responses
        let name = Idempotency.Name(
            key: try IdempotencyKey.read(request.headers[values: .idempotencyKey]), sdkRetries: request.sdkRetries)
        idempotency = name.map { [caller, path, queue] in
            Idempotency(
                caller: caller, $0, path: path, queue: queue.name, body: call.object.raw, deployment: call.deployment)
        }
    }

    /// Who waits on a connection is served first.
    private static func queue(_ background: BackgroundTerms?, _ named: String?, _ queues: [IntakeQueue])
        throws(IntakeProblem) -> IntakeQueue
    {
        let usual = background.map { $0.window?.queue ?? "default" } ?? "interactive"
        if let queue = queues.first(where: { $0.name == named ?? usual }) { return queue }
        if named == nil, let queue = queues.first(where: { $0.name == "default" && background != nil }) ?? queues.first
        {
            return queue
        }
        let known = queues.map(\.name).joined(separator: ", ")
        throw .field(
            "x-sluice-queue", "There is no queue of that name. The queues are \(known).", code: "queue_not_found")
    }
}
