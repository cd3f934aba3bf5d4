extension JobSpec {
    /// The place in a trace that the job is below: the intake's span, or the client's own; nil if there is none.
    package var trace: TraceContext? {
        get { rare.fields?.trace }
        set { rare.edit { $0.trace = newValue } }
    }

    /// So many jobs that have not ended the caller may have, of those that come with a limit; nil: this one comes with none,
    /// and is not counted.
    package var callerLimit: Int? {
        get { rare.fields?.callerLimit }
        set { rare.edit { $0.callerLimit = newValue } }
    }

    /// What the client of a background response is shown of its own request while that runs: one JSON object. Nil for every
    /// other job.
    package var echo: [UInt8]? {
        get { rare.fields?.echo }
        set { rare.edit { $0.echo = newValue } }
    }

    package var idempotency: Idempotency? {
        get { rare.fields?.idempotency }
        set { rare.edit { $0.idempotency = newValue } }
    }

    /// Who is told of its end.
    package var webhook: WebhookURL? {
        get { rare.fields?.webhook }
        set { rare.edit { $0.webhook = newValue } }
    }
}

/// What few jobs have, behind one reference: jobs are copied all the time, and most of them have none of it.
struct RareFields: Sendable, Equatable {
    struct Fields: Sendable, Equatable {
        var trace: TraceContext?
        var callerLimit: Int?
        var echo: [UInt8]?
        var idempotency: Idempotency?
        var webhook: WebhookURL?
    }

    private var shared: Shared<Fields>?

    init(_ fields: Fields) { shared = fields == Fields() ? nil : Shared(fields) }

    /// Nil: all are.
    var fields: Fields? { shared?.value }

    mutating func edit(_ change: (inout Fields) -> Void) {
        var fields = fields ?? Fields()
        change(&fields)
        self = RareFields(fields)
    }
}
