package import JobFlow
package import Logging
import ServiceLifecycle

/// A worker: claims jobs, runs many at once, settles them. Stops gracefully: takes no more, lets running jobs finish for
/// the drain time, hands back the rest.
package struct JobRunner: Service {
    private let configuration: RunnerConfiguration
    private let store: any JobStore
    private let control: any JobControl
    private let recovery: any QueueRecovery
    private let completer: any PromptCompleter
    private let audit: any AuditSink
    private let log: (any JobEvents)?
    private let now: WallClock
    private let events: RunnerEvents
    private let tracer: JobTracer?
    private let held: HeldClaims
    private let horizon: SpillHorizon
    private let wakeup = Wakeup()
    private let want = WantOfRoom()
    /// Raised when a slot has become free.
    private let slotFreed = Wakeup()
    /// Raised when the drain is to end now.
    private let hurried = Wakeup()
    /// Of the claim loop, for the routes of probes.
    package let liveness = Liveness()

    package init(
        configuration: RunnerConfiguration, store: any JobStore, control: any JobControl,
        recovery: any QueueRecovery, completer: any PromptCompleter, audit: any AuditSink,
        log: (any JobEvents)? = nil, tracer: JobTracer? = nil, now: @escaping WallClock, logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.control = control
        self.recovery = recovery
        self.completer = completer
        self.audit = audit
        self.log = log
        self.now = now
        events = RunnerEvents(logger: logger)
        self.tracer = tracer
        held = HeldClaims(limit: configuration.concurrency)
        horizon = SpillHorizon(partitions: configuration.partitions)
    }

    /// Ends a drain that is under way: what has not finished is handed back at once.
    package func hurry() {
        events.hurrying()
        hurried.raise()
    }

    /// Returns when everything this worker held is settled or handed back.
    package func run() async throws {
        await withTaskGroup { services in
            services.addTask {
                await LeaseKeeper(
                    store: store, control: control, held: held, configuration: configuration, events: events
                ).run()
            }
            services.addTask { await listen() }
            services.addTask { await waitForRoom() }
            await withGracefulShutdownHandler {
                await runJobs()
            } onGracefulShutdown: {
                events.draining(held.claims.count)
                held.slots.drain()
                wakeup.raise()
            }
            services.cancelAll()
        }
    }

    /// The claim loop with its jobs as children; after the loop, the drain.
    private func runJobs() async {
        await withTaskGroup { scope in
            let (claimLoop, pipeline) = (claimLoop, pipeline)
            scope.addTask {
                await withDiscardingTaskGroup { jobs in
                    await claimLoop.run { claim in jobs.addTask { await runJob(claim, pipeline) } }
                }
            }
            scope.addTask { await drainTimer() }
            // Whichever comes first: all jobs are done, or the drain time is over and the rest is cancelled.
            await scope.next()
            scope.cancelAll()
        }
    }

    private func runJob(_ claim: Claim, _ pipeline: RunOneJob) async {
        let hasSlot = await held.slots.enter()
        let runsAgain = await pipeline.run(claim, held.revocation(of: claim)) {
            guard hasSlot else { return }
            held.slots.called(at: configuration.uptime())
            makeRoom()
        }
        if held.release(claim) { makeRoom() }
        // The next visit tells when.
        if runsAgain { wakeup.raise() }
    }

    /// What another process has found out can open the pool.
    private func waitForRoom() async {
        while !Task.isCancelled {
            await completer.waitForRoom()
            makeRoom()
        }
    }

    private func makeRoom() {
        slotFreed.raise()
        if want.isThere { wakeup.raise() }
    }

    /// Ends when a drain was asked for and its time is up.
    private func drainTimer() async {
        try? await gracefulShutdown()
        await hurried.sleep(atMost: configuration.drain)
    }

    /// Turns the queue's wake-up markers into wake-ups of the claim loop. A worker without room does not listen: a marker
    /// is taken by one worker only, and has to reach one that can act on it.
    private func listen() async {
        let partitions = Array(0..<configuration.partitions)
        while !Task.isCancelled {
            guard held.slots.now.room(completer.capacity().withoutExtraCost, at: configuration.uptime()) > 0 else {
                await slotFreed.sleep(atMost: configuration.tick)
                continue
            }
            do throws(StoreError) {
                try await store.waitForWork(partitions, atMost: configuration.tick)
                wakeup.raise()
            } catch {
                try? await Task.sleep(for: .milliseconds(200))
            }
        }
    }

    private var claimLoop: ClaimLoop {
        ClaimLoop(
            store: store, recovery: recovery, completer: completer, audit: audit, held: held, wakeup: wakeup,
            want: want, configuration: configuration, events: events, tracer: tracer, now: now, liveness: liveness,
            horizon: horizon)
    }

    private var pipeline: RunOneJob {
        RunOneJob(
            configuration: configuration, completer: completer, audit: audit, log: log, horizon: horizon,
            settle: SettleReliably(store: store, events: events, patience: configuration.lease * 2), events: events,
            tracer: tracer, now: now, isDraining: { held.slots.now.isDraining })
    }
}
