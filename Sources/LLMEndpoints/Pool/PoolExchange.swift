import Curl
package import JobFlow
package import Logging
import ServiceLifecycle

/// Keeps one process' endpoint pool in step with the fleet: tells what it found out, takes its part of what the fleet grants,
/// looks at endpoints that were not reached, and has secrets read again after a 401. Without it a pool decides alone.
package struct PoolExchange: Service {
    /// However much there is to tell.
    package static let shortestPeriod = Duration.milliseconds(5)
    /// Counts are told so often while there are any.
    static let period = Duration.milliseconds(50)
    /// While a room is shared that this process lately took from, so often.
    static let sharingPeriod = Duration.milliseconds(200)
    /// The standing is asked for so often in any case.
    static let idlePeriod = Duration.seconds(1)
    /// A board that is away does not hold up the end of the process.
    private static let lastWords = Duration.seconds(1)

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
        await tellUsage()
    }

    /// What the last calls used must not end with the process: a report that was cut off, and one of what came after it.
    private func tellUsage() async {
        await withTaskGroup { group in
            group.addTask { for _ in 0..<2 where pool.hasUntoldUse { _ = await exchange() } }
            group.addTask { try? await Task.sleep(for: Self.lastWords) }
            await group.next()
            group.cancelAll()
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
        // A secret may take long to read; meanwhile there is more to tell.
        await withDiscardingTaskGroup { readings in
            while !Task.isCancelled {
                let standing = await exchange()
                if Task.isCancelled { return }
                if (standing != nil) != (failures == 0) { report(standing != nil) }
                failures = standing == nil ? failures + 1 : 0
                for endpoint in standing?.endpoints ?? [] {
                    guard let reading = pool.beginReading(endpoint) else { continue }
                    readings.addTask { pool.hasRead(await reload(endpoint.endpoint), of: endpoint.endpoint, reading) }
                }
                await rest(after: failures)
            }
        }
    }

    /// A bell shortens the rest, but never to nothing, and not while the board is away.
    private func rest(after failures: Int) async {
        let pause = pool.exchangePause
        guard failures == 0 else {
            try? await Task.sleep(for: min(Self.period * (1 << min(failures, 5)), Self.idlePeriod))
            return
        }
        try? await Task.sleep(for: Self.shortestPeriod)
        await pool.bell.sleep(atMost: pause - Self.shortestPeriod)
    }

    /// Nil if the report may not have arrived.
    private func exchange() async -> PoolStanding? {
        let report = pool.report(process: process)
        do throws(StoreError) {
            let standing = try await board.exchange(report)
            pool.heard(standing)
            return standing
        } catch {
            pool.reportWasLost(report)
            return nil
        }
    }

    private func report(_ isWell: Bool) {
        if isWell {
            logger.notice("the fleet's gates are shared again")
        } else {
            logger.warning("the fleet's gates cannot be shared; this process goes by its own")
        }
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
