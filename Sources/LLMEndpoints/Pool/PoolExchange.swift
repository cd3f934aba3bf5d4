import Curl
package import JobFlow
package import Logging
import ServiceLifecycle

/// Keeps one process' endpoint pool in step with the fleet: tells what it found out, takes its part of what the fleet grants,
/// looks at endpoints that were not reached, and has secrets read again after a 401. Without it a pool decides alone.
package struct PoolExchange: Service {
    /// However much there is to tell.
    static let shortestPeriod = Duration.milliseconds(5)
    /// Counts are told so often while there are any.
    static let period = Duration.milliseconds(50)
    /// The standing is asked for so often in any case.
    static let idlePeriod = Duration.seconds(1)

    private let pool: EndpointPool
    private let board: any PoolBoard
    private let process: String
    private let reload: @Sendable (_ endpoint: String) async -> Credential?
    private let logger: Logger

    /// - Parameter reload: reads the key of an endpoint again from where it came; nil if that failed.
    package init(
        pool: EndpointPool, board: any PoolBoard, process: String,
        reload: @escaping @Sendable (_ endpoint: String) async -> Credential?, logger: Logger
    ) {
        self.pool = pool
        self.board = board
        self.process = process
        self.reload = reload
        self.logger = logger
    }

    /// Returns after graceful shutdown or cancellation.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await listen() }
                group.addTask { await exchangeForEver() }
                group.addTask { await lookForEver() }
            }
        }
    }

    private func listen() async {
        await board.listen { standing in
            pool.heard(standing)
        } onGap: {
            pool.bell.raise()
        }
    }

    private func exchangeForEver() async {
        var failures = 0
        while !Task.isCancelled {
            let isWell = await exchange()
            if isWell != (failures == 0) { report(isWell) }
            failures = isWell ? 0 : failures + 1
            await pool.bell.sleep(atMost: pause(after: failures))
        }
    }

    private func pause(after failures: Int) -> Duration {
        failures > 0 ? min(Self.period * (1 << min(failures, 5)), Self.idlePeriod) : pool.exchangePause
    }

    private func exchange() async -> Bool {
        do throws(StoreError) {
            let standing = try await board.exchange(pool.report(process: process))
            pool.heard(standing)
            for endpoint in standing.endpoints { await renew(endpoint) }
            return true
        } catch {
            pool.reportWasLost()
            return false
        }
    }

    private func report(_ isWell: Bool) {
        if isWell {
            logger.notice("the fleet's gates are shared again")
        } else {
            logger.warning("the fleet's gates cannot be shared; this process goes by its own")
        }
    }

    /// One process reads the secret again and tells the others whether it has changed; they read it when it has.
    private func renew(_ standing: EndpointStanding) async {
        guard standing.mayReload || pool.learnsOfRenewal(standing) else { return }
        pool.renewed(standing.endpoint, await reload(standing.endpoint), isElected: standing.mayReload)
    }

    private func lookForEver() async {
        while !Task.isCancelled {
            await withDiscardingTaskGroup { group in
                for index in pool.toLookAt() { group.addTask { await pool.look(at: index) } }
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }
}
