package import JobFlow
package import Logging
package import Metrics
import ServiceLifecycle

/// Holds what was used against the thresholds of worker.json: a gauge for each, and a line when it is passed, or is so no
/// more.
package struct TokenWatch: Service {
    private static let period = Duration.seconds(30)

    private let thresholds: [TokenThreshold]
    private let board: any PoolBoard
    private let gauges: [String: Gauge]
    private let logger: Logger

    package init(
        _ thresholds: [TokenThreshold], board: any PoolBoard, factory: any MetricsFactory = MetricsSystem.factory,
        logger: Logger
    ) {
        self.thresholds = thresholds
        self.board = board
        self.logger = logger
        gauges = Dictionary(
            uniqueKeysWithValues: thresholds.map {
                let labels = [("threshold", $0.name)]
                return ($0.name, Gauge(label: "sluice_token_threshold_ratio", dimensions: labels, factory: factory))
            })
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var passed: Set<String> = []
            while !Task.isCancelled {
                await check(&passed)
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    /// What cannot be read stays as it was: the next look tells.
    ///
    /// - Parameter passed: names of those that were passed when it was looked last.
    func check(_ passed: inout Set<String>) async {
        for (hours, thresholds) in Dictionary(grouping: thresholds, by: \.hours) {
            guard let uses = try? await board.usage(hours: hours) else { continue }
            for threshold in thresholds { judge(threshold, threshold.used(of: uses), &passed) }
        }
    }

    private func judge(_ threshold: TokenThreshold, _ used: Int, _ passed: inout Set<String>) {
        gauges[threshold.name]?.record(threshold.ratio(used))
        switch threshold.edge(used, wasPassed: passed.contains(threshold.name)) {
        case .passed:
            passed.insert(threshold.name)
            logger.warning("a token threshold is passed", metadata: metadata(threshold, used))
        case .fellBelow:
            passed.remove(threshold.name)
            logger.notice("a token threshold is not passed any more", metadata: metadata(threshold, used))
        case nil: break
        }
    }

    private func metadata(_ threshold: TokenThreshold, _ used: Int) -> Logger.Metadata {
        [
            "threshold": "\(threshold.name)", "used": "\(used)", "tokens": "\(threshold.tokens)",
            "hours": "\(threshold.hours)",
        ]
    }
}
