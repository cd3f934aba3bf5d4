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
