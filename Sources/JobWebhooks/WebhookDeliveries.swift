package import JobFlow
package import Logging
import ServiceLifecycle
import Synchronization

/// Tells receivers of the ends of jobs: takes events out of the outbox, delivers many at once, reports each. Stops
/// gracefully: takes no more, lets deliveries end for a moment, hands back the rest.
package struct WebhookDeliveries: Service {
    private let configuration: WebhookConfiguration
    private let outbox: any WebhookOutbox
    private let delivery: DeliverWebhook
    private let reports: WebhookReports
    private let running = RunningDeliveries()
    private let wakeup = Wakeup()

    /// - Parameters:
    ///   - job: writes a job as `GET /v1/jobs/{id}` shows it; bounded.
    ///   - chance: 0…1, spreads retries.
    package init(
        configuration: WebhookConfiguration, outbox: any WebhookOutbox, store: any JobStore,
        caller: any WebhookCaller, job: @escaping @Sendable (JobRecord) -> [UInt8], now: @escaping WallClock,
        chance: @escaping @Sendable () -> Double = { .random(in: 0...1) }, logger: Logger
    ) {
        self.configuration = configuration
        self.outbox = outbox
        reports = WebhookReports(logger: logger)
        delivery = DeliverWebhook(
            configuration: configuration, outbox: outbox, store: store, caller: caller, job: job, now: now,
            chance: chance, reports: reports)
    }

    /// Returns when everything this process had taken is reported or handed back.
    package func run() async throws {
        await withTaskGroup { services in
            services.addTask { await listen() }
            await withGracefulShutdownHandler {
                await deliver()
            } onGracefulShutdown: {
                running.stop()
                wakeup.raise()
            }
            services.cancelAll()
        }
    }

    /// The loop with its deliveries as children; whichever comes first then: all have ended, or the time is over.
    private func deliver() async {
        await withTaskGroup { scope in
            scope.addTask {
                await withDiscardingTaskGroup { deliveries in
                    await loop { claim in deliveries.addTask { await one(claim) } }
                }
            }
            scope.addTask {
                try? await gracefulShutdown()
                try? await Task.sleep(for: configuration.grace)
            }
            await scope.next()
            scope.cancelAll()
        }
    }

    private func loop(_ start: (WebhookClaim) -> Void) async {
        while !running.isStopping, !Task.isCancelled {
            let rest = await round(start)
            await wakeup.sleep(atMost: min(rest ?? configuration.tick, configuration.tick))
            // Events that meet are taken together.
            try? await Task.sleep(for: configuration.pause)
        }
    }

    /// One look at every partition. Returns when the next one is due.
    private func round(_ start: (WebhookClaim) -> Void) async -> Duration? {
        var next: Duration?
        for partition in 0..<configuration.partitions {
            let room = configuration.concurrency - running.count
            guard room > 0 else { return nil }
            do throws(StoreError) {
                let taken = try await outbox.take(
                    WebhookTake(
                        partition: partition, limit: room, hostLimit: configuration.hostConcurrency,
                        lease: configuration.lease))
                for claim in taken.claims {
                    running.enter()
                    start(claim)
                }
                next = [next, taken.nextDueIn].compactMap(\.self).min()
            } catch {
                if error.code != .cancelled { reports.storeFailed(error) }
            }
        }
        return next
    }

    private func one(_ claim: WebhookClaim) async {
        await delivery.run(claim)
        running.leave()
        wakeup.raise()
    }

    /// Turns new events into wake-ups of the loop.
    private func listen() async {
        let partitions = Array(0..<configuration.partitions)
        while !Task.isCancelled {
            do throws(StoreError) {
                try await outbox.waitForEvents(partitions, atMost: configuration.tick)
                wakeup.raise()
                // What is there stays there until the loop has room for it.
                try? await Task.sleep(for: configuration.pause)
            } catch {
                try? await Task.sleep(for: configuration.tick)
            }
        }
    }
}

/// How many deliveries are under way, and whether more may begin.
private final class RunningDeliveries: Sendable {
    private let state = Mutex((count: 0, isStopping: false))

    var count: Int { state.withLock { $0.count } }
    var isStopping: Bool { state.withLock { $0.isStopping } }

    func enter() { state.withLock { $0.count += 1 } }
    func leave() { state.withLock { $0.count -= 1 } }
    func stop() { state.withLock { $0.isStopping = true } }
}
