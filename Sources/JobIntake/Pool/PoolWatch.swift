package import JobFlow
package import Metrics
import ServiceLifecycle
import Synchronization

/// Knows, within a second or so, whether the pool can take jobs, so that a client that waits can be told without asking Redis.
package final class PoolWatch: Service {
    private static let period = Duration.seconds(1)
    /// What is older is not passed on.
    private static let patience = Duration.seconds(5)

    private struct Seen: Sendable {
        var endpoints: [IntakeEndpoint]
        var standings: [EndpointStanding]
        var at: ContinuousClock.Instant
    }

    /// Somebody who waits for a job of this model.
    struct Waiter: Sendable {
        var model: String?
        var end: ContinuousClock.Instant
        /// Raised when no endpoint opens until then.
        var interruption: Interruption
    }

    typealias Ticket = Int

    private struct Waiters: Sendable {
        var last = 0
        var all: [Ticket: Waiter] = [:]
    }

    private let waiters = Mutex(Waiters())
    private let live: Live<[IntakeEndpoint]>
    let board: any PoolBoard
    private let seen = Mutex<Seen?>(nil)
    private let gauges: DrainGauges

    package init(
        board: any PoolBoard, endpoints: [IntakeEndpoint], factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.board = board
        live = Live(endpoints)
        gauges = DrainGauges(factory: factory)
    }

    /// As worker.json names them now.
    package var endpoints: [IntakeEndpoint] {
        get { live.current }
        set { live.current = newValue }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.look()
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    /// What cannot be read stays as it was.
    func look() async {
        let endpoints = endpoints
        guard let standings = try? await board.standings(of: endpoints.map(\.name)) else { return }
        seen.withLock { $0 = Seen(endpoints: endpoints, standings: standings, at: .now) }
        gauges.record(standings)
        interruptWhoWaitsInVain()
    }

    func watch(_ waiter: Waiter) -> Ticket {
        waiters.withLock { waiters in
            waiters.last += 1
            waiters.all[waiters.last] = waiter
            return waiters.last
        }
    }

    func forget(_ ticket: Ticket) { waiters.withLock { $0.all[ticket] = nil } }

    private func interruptWhoWaitsInVain() {
        let byModel = Dictionary(grouping: waiters.withLock { Array($0.all.values) }, by: \.model)
        for (model, waiters) in byModel {
            guard let opening = closedFor(model: model).map({ ContinuousClock.now + $0 }) else { continue }
            for waiter in waiters where opening > waiter.end { waiter.interruption.raise() }
        }
    }

    /// In the order of worker.json.
    func standings() async throws(StoreError) -> [(IntakeEndpoint, EndpointStanding)] {
        let endpoints = endpoints
        return Array(zip(endpoints, try await board.standings(of: endpoints.map(\.name))))
    }

    /// When the first endpoint that serves the model opens; nil when one is open, or nothing is known.
    func closedFor(model: String?) -> Duration? {
        guard let seen = seen.withLock({ $0 }), ContinuousClock.now - seen.at < Self.patience else { return nil }
        // Nobody knows when one that is drained opens.
        let waits = zip(seen.endpoints, seen.standings).filter { $0.0.serves(model) && $0.1.drainedAt == nil }
            .map(\.1.closedFor)
        guard !waits.isEmpty, waits.allSatisfy({ $0 != nil }) else { return nil }
        return waits.compactMap(\.self).min()
    }
}

extension EndpointStanding {
    /// Nil when no gate is closed. One whose time is over waits for its probe.
    var closedFor: Duration? {
        guard throttledFor > .zero || health != nil || out != nil else { return nil }
        return max(throttledFor, health?.closedFor ?? .zero, out?.closedFor ?? .zero)
    }
}
