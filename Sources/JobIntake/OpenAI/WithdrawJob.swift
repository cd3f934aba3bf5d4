import JobFlow

/// Ends a job whose client waits in vain: no endpoint will open while it waits, and nothing was called yet.
struct WithdrawJob: Sendable {
    /// How often it is looked at.
    static let pace = Duration.seconds(1)

    let find: FindJob
    let steer: SteerJob
    let pool: PoolWatch?

    /// Whoever waits on a connection does so in this queue.
    func applies(to spec: JobSpec) -> Bool { pool != nil && spec.queue == "interactive" }

    /// Interrupts whoever waits for it each time that waiting is found to be in vain, until it is forgotten.
    func watch(_ spec: JobSpec, until end: ContinuousClock.Instant, _ interruption: Interruption) -> PoolWatch.Ticket? {
        applies(to: spec) ? pool?.watch(PoolWatch.Waiter(model: spec.model, end: end, interruption: interruption)) : nil
    }

    func forget(_ ticket: PoolWatch.Ticket?) {
        if let ticket { pool?.forget(ticket) }
    }

    /// How long every endpoint that could answer is closed, if that is longer than the client waits and the job has cost
    /// nothing yet.
    func reason(_ spec: JobSpec, until end: ContinuousClock.Instant, _ request: IntakeRequest) async -> Duration? {
        guard applies(to: spec), let closed = pool?.closedFor(model: spec.model), closed > end - .now,
            await isUnpaid(spec.id, request)
        else { return nil }
        return closed
    }

    /// False if it could not be ended, and goes on.
    func end(_ spec: JobSpec, _ request: IntakeRequest) async -> Bool {
        (try? await steer.end(spec.id, request)) != nil
    }

    /// What runs may be paid for already.
    private func isUnpaid(_ id: JobID, _ request: IntakeRequest) async -> Bool {
        switch (try? await find.record(id, request))?.state {
        case .queued, .scheduled: true
        default: false
        }
    }
}
